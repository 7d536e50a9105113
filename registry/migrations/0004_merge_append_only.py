from django.db import migrations

from core.append_only import AppendOnly


# The merges in force of the record that is being updated.
IN_FORCE = (
    "SELECT m.kept_id FROM registry_merge m WHERE m.absorbed_id = NEW.id AND m.kind = 'merge' AND m.accepted "
    "AND NOT EXISTS (SELECT 1 FROM registry_merge u WHERE u.undoes_id = m.id AND u.accepted)"
)
CHANGED_WITHOUT_MERGE = (
    f"(NEW.merged_into_id IS NULL AND EXISTS ({IN_FORCE})) OR "
    f"(NEW.merged_into_id IS NOT NULL AND NEW.merged_into_id NOT IN ({IN_FORCE}))"
)
SAYS = "a record is merged by two persons"


def guard(apps, schema_editor):
    """No record is joined to another, or parted from it, unless the accepted merges say so."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER registry_person_merge BEFORE UPDATE OF merged_into_id ON registry_person "
            f"WHEN OLD.merged_into_id IS NOT NEW.merged_into_id AND ({CHANGED_WITHOUT_MERGE}) "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
            params=None,
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION registry_person_merge_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {CHANGED_WITHOUT_MERGE} THEN RAISE EXCEPTION '{SAYS}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
        params=None,
    )
    schema_editor.execute(
        "CREATE TRIGGER registry_person_merge BEFORE UPDATE OF merged_into_id ON registry_person "
        "FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) "
        "EXECUTE FUNCTION registry_person_merge_refuse()",
        params=None,
    )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER registry_person_merge", params=None)
        return
    schema_editor.execute("DROP TRIGGER registry_person_merge ON registry_person", params=None)
    schema_editor.execute("DROP FUNCTION registry_person_merge_refuse()", params=None)


class Migration(migrations.Migration):
    """A proposal stands as it was written; its decision is filled in once."""

    dependencies = [("registry", "0003_merge")]

    operations = [
        AppendOnly(
            "registry_merge",
            settable=(
                "accepted",
                "decided_on",
                "decided_at",
                "decided_by_id",
                "decided_by_person_id",
                "decision_reason",
                "despite_measure",
                "closed_account_id",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
