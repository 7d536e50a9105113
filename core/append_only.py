"""Tables that are added to and never edited, by order of the database itself."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation


class AppendOnly(Operation):
    """Migration operation: triggers refuse DELETE, TRUNCATE, and UPDATE of all but the `settable` columns.

    A settable column may be filled once: from NULL to a value, never again.
    Works on SQLite and PostgreSQL; the message names the table.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, settable: tuple[str, ...] = ()) -> None:
        self.table = table
        self.settable = settable

    def state_forwards(self, app_label: str, state: Any) -> None: ...

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.create_sql(schema_editor.connection):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.drop_sql(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Rows of {self.table} are never edited or deleted"

    def _columns(self, connection: Any) -> list[str]:
        with connection.cursor() as cursor:
            return [
                column.name for column in connection.introspection.get_table_description(cursor, self.table)
            ]

    def create_sql(self, connection: Any) -> list[str]:
        vendor = connection.vendor
        table = self.table
        frozen = [name for name in self._columns(connection) if name not in self.settable]
        differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        changed = [f'OLD."{name}" {differs} NEW."{name}"' for name in frozen]
        changed += [
            f'(OLD."{name}" IS NOT NULL AND OLD."{name}" {differs} NEW."{name}")' for name in self.settable
        ]
        condition = " OR ".join(changed)
        if vendor == "sqlite":
            return [
                f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
            ]
        return [
            f'CREATE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f'WHEN ({condition}) EXECUTE FUNCTION "{table}_refuse"()',
            f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
            f'EXECUTE FUNCTION "{table}_refuse"()',
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT '
            f'EXECUTE FUNCTION "{table}_refuse"()',
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        table = self.table
        if vendor == "sqlite":
            return [f'DROP TRIGGER "{table}_no_update"', f'DROP TRIGGER "{table}_no_delete"']
        return [
            f'DROP TRIGGER "{table}_no_update" ON "{table}"',
            f'DROP TRIGGER "{table}_no_delete" ON "{table}"',
            f'DROP TRIGGER "{table}_no_truncate" ON "{table}"',
            f'DROP FUNCTION "{table}_refuse"()',
        ]
