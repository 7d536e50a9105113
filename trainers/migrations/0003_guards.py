"""Two things no constraint of Django can say: terms on one seat share no day, and a review names the
true uploader. PostgreSQL gets a real exclusion constraint, which also holds between transactions; SQLite
has one writer at a time, so a trigger is enough."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER trainers_one_term_per_seat BEFORE INSERT ON trainers_appointment
    WHEN (NEW.ended_on IS NULL OR NEW.ended_on > NEW.starts_on) AND EXISTS (
        SELECT 1 FROM trainers_appointment held
        WHERE held.pool_id = NEW.pool_id AND held.seat = NEW.seat
          AND held.starts_on < NEW.until AND COALESCE(held.ended_on, held.until) > NEW.starts_on
          AND (held.ended_on IS NULL OR held.ended_on > held.starts_on))
    BEGIN SELECT RAISE(ABORT, 'one_term_per_seat'); END""",
    """CREATE TRIGGER trainers_true_uploader BEFORE INSERT ON trainers_materialreview
    WHEN NEW.uploader_id <> (SELECT uploaded_by_id FROM trainers_materialversion WHERE id = NEW.version_id)
    BEGIN SELECT RAISE(ABORT, 'review_names_the_true_uploader'); END""",
]
POSTGRESQL = [
    # One number per seat, as a range: ranges need no extension to be compared.
    """ALTER TABLE trainers_appointment ADD CONSTRAINT one_term_per_seat EXCLUDE USING gist (
        int8range(pool_id * 1000 + seat, pool_id * 1000 + seat, '[]') WITH &&,
        daterange(starts_on, COALESCE(ended_on, until)) WITH &&)""",
    """CREATE FUNCTION trainers_true_uploader() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.uploader_id <> (SELECT uploaded_by_id FROM trainers_materialversion WHERE id = NEW.version_id) THEN
            RAISE EXCEPTION 'review_names_the_true_uploader' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER trainers_true_uploader BEFORE INSERT ON trainers_materialreview
    FOR EACH ROW EXECUTE FUNCTION trainers_true_uploader()""",
]
UNDO_SQLITE = ["DROP TRIGGER trainers_one_term_per_seat", "DROP TRIGGER trainers_true_uploader"]
UNDO_POSTGRESQL = [
    "ALTER TABLE trainers_appointment DROP CONSTRAINT one_term_per_seat",
    "DROP TRIGGER trainers_true_uploader ON trainers_materialreview",
    "DROP FUNCTION trainers_true_uploader()",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in UNDO_SQLITE if schema_editor.connection.vendor == "sqlite" else UNDO_POSTGRESQL:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("trainers", "0002_append_only")]

    operations = [migrations.RunPython(guard, unguard)]
