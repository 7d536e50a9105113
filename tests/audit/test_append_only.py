"""Records of law are added to, never edited: the database refuses, table by table, column by column."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from core.append_only import AppendOnly
from tests.plugins.world import World

ROOT = Path(__file__).resolve().parents[2]


def declared() -> dict[str, tuple[str, ...]]:
    """Every table that a migration makes append-only → the columns that may be filled once."""
    tables = {}
    for path in sorted(ROOT.glob("*/migrations/0*.py")):
        module = importlib.import_module(f"{path.parts[-3]}.migrations.{path.stem}")
        for operation in module.Migration.operations:
            if isinstance(operation, AppendOnly):
                tables[operation.table] = operation.settable
    return tables


MODELS = {model._meta.db_table: model for model in apps.get_models()}
OTHER = {  # a value that no factory gives, by the kind of column
    "BooleanField": "true",
    "DateField": "'1931-01-01'",
    "DateTimeField": "'1931-01-01 00:00:00+00:00'",
    "JSONField": """'{"edited": 1}'""",
    "BinaryField": "x'00'",
}


def other(field: models.Field[Any, Any], old: Any) -> str:
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return "false" if old else "true"
    if kind == "BinaryField" and connection.vendor == "postgresql":
        return r"'\x00'::bytea"
    if kind in OTHER:
        return OTHER[kind]
    if kind in ("CharField", "TextField", "FileField", "SlugField"):
        return "'XX'" if old != "XX" else "'YY'"  # fits every column
    if isinstance(field, models.ForeignKey):
        return other(field.target_field, old)
    return "30987"


def update(table: str, assignment: str, key: str, pk: Any) -> str:
    """What the database says to the edit: "" if it lets it pass. Nothing is kept."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET {assignment} WHERE "{key}" = %s', [pk])
            assert cursor.rowcount == 1
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error)
    return ""


def test_the_records_of_law_are_declared() -> None:
    assert len(declared()) >= 19
    assert {
        "audit_entry",
        "registry_exclusion",
        "registry_standardversion",
        "credentials_certificate",
        "credentials_statusmark",
        "lms_hourentry",
        "lms_courseversion",
    } <= set(declared())


def test_no_row_of_law_can_be_edited_or_deleted(world: World) -> None:
    """One row of each table: DELETE, UPDATE of every column, a second filling of what is filled once."""
    tried, passed = 0, []
    for table, settable in declared().items():
        row: Any = MODELS[table]._default_manager.order_by("pk").first()
        assert row is not None, f"the world holds no {table}"
        key = row._meta.pk.column
        for field in row._meta.concrete_fields:
            old = getattr(row, field.attname)
            if field.column in settable and old is None:
                continue
            tried += 1
            said = update(table, f'"{field.column}" = {other(field, old)}', key, row.pk)
            if f"{table} is append-only" not in said:
                passed.append(f"{table}.{field.column}: {said or 'edited'}")
        tried += 1
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" = %s', [row.pk])
                transaction.set_rollback(True)
            passed.append(f"{table}: deleted")
        except IntegrityError as error:
            if f"{table} is append-only" not in str(error):
                passed.append(f"{table}: {error}")
    assert passed == []
    assert tried > 150


def test_what_is_filled_once_is_filled_once(world: World) -> None:
    """Alone a column may break another rule (a lifting has a day and a person); then it is not this one's."""
    checked, wrong = [], []
    for table, settable in declared().items():
        row: Any = MODELS[table]._default_manager.order_by("pk").first()
        key = row._meta.pk.column
        fields = [field for field in row._meta.concrete_fields if field.column in settable]
        assert {field.column for field in fields} == set(settable), f"{table} has no such column"
        for field in fields:
            if getattr(row, field.attname) is not None or isinstance(field, models.ForeignKey):
                continue
            said = update(table, f'"{field.column}" = {other(field, None)}', key, row.pk)
            checked.append(f"{table}.{field.column}")
            if "is append-only" in said:
                wrong.append(
                    f"{table}.{field.column} cannot be filled: it is not NULL at first, or not settable"
                )
    assert wrong == []
    assert len(checked) >= 5


def test_replacing_a_row_is_refused_too(world: World) -> None:
    """INSERT OR REPLACE deletes without being asked, unless SQLite is told to fire its triggers."""
    if connection.vendor != "sqlite":
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("TRUNCATE audit_entry CASCADE")
        return
    with pytest.raises(IntegrityError, match="audit_entry is append-only"), connection.cursor() as cursor:
        cursor.execute("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1")


def test_the_operation_can_be_taken_back(db: None) -> None:
    """The reverse of the migration, on one table: the triggers are gone and then there again."""
    operation = AppendOnly("registry_exclusion", settable=("lifted_on",))
    with (
        connection.schema_editor(atomic=False) if connection.vendor != "sqlite" else _open_editor() as editor
    ):
        operation.database_backwards("registry", editor, None, None)
        assert triggers("registry_exclusion") == 0
        operation.database_forwards("registry", editor, None, None)
        assert triggers("registry_exclusion") >= 2


class _open_editor:
    """SQLite's own editor will not work inside a transaction, for the sake of foreign keys; here are none."""

    connection = connection

    def __enter__(self) -> _open_editor:
        return self

    def __exit__(self, *_: object) -> None: ...

    def execute(self, statement: str, params: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def triggers(table: str) -> int:
    question = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question, [table])
        return int(cursor.fetchone()[0])
