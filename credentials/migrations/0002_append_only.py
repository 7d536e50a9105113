from django.db import migrations

from core.append_only import AppendOnly

SUBJECT = "credentials_bansubject"
WHO_AND_WHAT = ("public_id", "case_id", "person_id", "proposed_at", "proposed_by_id", "proposed_by_person_id")
PROPOSAL = ("part", "evidence", "edited_version", "notice_served_on", "answer_until", "answered_on", "answer", "suspended_until")
DECISION = ("decided_at", "decided_by_id", "decided_by_person_id", "decided_version", "decision_reason")
OVERTURNING = ("overturned_at", "overturned_by_id", "overturned_by_person_id", "overturned_reason")


def changed(columns, vendor):
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return "(" + " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in columns) + ")"


def refused(vendor):
    """When a change of a subject's row is unlawful, whoever writes it."""
    return " OR ".join(
        (
            changed(WHO_AND_WHAT, vendor),
            "(OLD.state = 'proposed' AND NEW.state NOT IN ('proposed', 'banned', 'dismissed'))",
            "(OLD.state = 'banned' AND NEW.state NOT IN ('banned', 'overturned'))",
            "(OLD.state IN ('dismissed', 'overturned') AND NEW.state <> OLD.state)",
            f"(OLD.state <> 'proposed' AND {changed(PROPOSAL + DECISION, vendor)})",
            f"((OLD.state <> 'banned' OR NEW.state <> 'overturned') AND {changed(OVERTURNING, vendor)})",
            # Nobody decides on words of her own.
            "(OLD.state = 'proposed' AND NEW.state <> 'proposed' AND EXISTS (SELECT 1 FROM credentials_bansubjectversion v"
            " WHERE v.subject_id = NEW.id AND v.recorded_by_person_id = NEW.decided_by_person_id))",
        )
    )


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        statements = (
            f"CREATE TRIGGER {SUBJECT}_lawful BEFORE UPDATE ON {SUBJECT} WHEN {refused(vendor)} "
            f"BEGIN SELECT RAISE(ABORT, '{SUBJECT}: an unlawful change of a ban'); END",
            f"CREATE TRIGGER {SUBJECT}_no_delete BEFORE DELETE ON {SUBJECT} "
            f"BEGIN SELECT RAISE(ABORT, '{SUBJECT} keeps its rows'); END",
            f"CREATE TRIGGER {SUBJECT}_begins BEFORE INSERT ON {SUBJECT} WHEN NEW.state <> 'proposed' "
            f"BEGIN SELECT RAISE(ABORT, '{SUBJECT}: a ban begins as a proposal'); END",
        )
    else:
        statements = (
            f"CREATE FUNCTION {SUBJECT}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'UPDATE' THEN IF NOT ({refused(vendor)}) THEN RETURN NEW; END IF; "
            "ELSIF TG_OP = 'INSERT' THEN IF NEW.state = 'proposed' THEN RETURN NEW; END IF; END IF; "
            f"RAISE EXCEPTION '{SUBJECT}: an unlawful change of a ban' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {SUBJECT}_lawful BEFORE INSERT OR UPDATE OR DELETE ON {SUBJECT} "
            f"FOR EACH ROW EXECUTE FUNCTION {SUBJECT}_refuse()",
        )
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("lawful", "no_delete", "begins"):
            schema_editor.execute(f"DROP TRIGGER {SUBJECT}_{name}")
    else:
        schema_editor.execute(f"DROP TRIGGER {SUBJECT}_lawful ON {SUBJECT}")
        schema_editor.execute(f"DROP FUNCTION {SUBJECT}_refuse()")


class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("credentials", "0001_initial")]

    operations = [
        AppendOnly("credentials_certificate"),
        AppendOnly("credentials_certificatefile"),
        AppendOnly("credentials_statusmark", settable=("lifted_on", "lifted_recorded_at", "lifted_by_id", "lifted_reason")),
        AppendOnly("credentials_staffcheck"),
        AppendOnly("credentials_signingkey", settable=("retired_at", "compromised_since")),
        AppendOnly("credentials_employertask", settable=("acknowledged_at", "acknowledged_by_id")),
        AppendOnly("credentials_bancase"),
        AppendOnly("credentials_bansubjectversion"),
        migrations.RunPython(guard, unguard),
    ]
