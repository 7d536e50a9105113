"""Many rows at once, past the ORM: COPY on PostgreSQL, prepared statements on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction


def insert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Each row names the same columns, the primary key among them; values as Python has them."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = tuple(first)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    prepared = [_prepared(fields[column]) for column in columns]
    values = _values(first, rows, columns, prepared)
    quoted = ", ".join(f'"{column}"' for column in columns)
    table = f'"{model._meta.db_table}" ({quoted})'
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(columns))})", values)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def next_key(model: type[models.Model]) -> int:
    """The first primary key that is free."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """How the field's values go into the database. Days recur, so each is prepared once."""
    days: dict[date, Any] = {}

    def prepare(value: Any) -> Any:
        if isinstance(value, int | str):
            return value
        if not isinstance(value, date):
            return field.get_db_prep_save(value, connection)
        if value not in days:
            days[value] = field.get_db_prep_save(value, connection)
        return days[value]

    return prepare


def _values(
    first: dict[str, Any],
    rows: Iterator[dict[str, Any]],
    columns: tuple[str, ...],
    prepared: list[Callable[[Any], Any]],
) -> Iterator[tuple[Any, ...]]:
    yield tuple(prepare(first[column]) for column, prepare in zip(columns, prepared, strict=True))
    for row in rows:
        yield tuple(prepare(row[column]) for column, prepare in zip(columns, prepared, strict=True))
