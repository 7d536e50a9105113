
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.append_only import AppendOnly

SUBJECT, PROPOSAL = "credentials_bansubject", "credentials_overturnproposal"
ALONE = (
    "OLD.state = 'banned' AND NEW.state = 'overturned' AND NOT EXISTS "
    f"(SELECT 1 FROM {PROPOSAL} p WHERE p.subject_id = NEW.id AND p.approved "
    "AND p.decided_by_person_id = NEW.overturned_by_person_id AND p.proposed_by_person_id <> NEW.person_id)"
)
TRIGGERS = (  # table, name, when, unlawful if, said
    (SUBJECT, "two_overturn", "UPDATE", ALONE, "a ban is overturned by two persons"),
    (PROPOSAL, "begins", "INSERT", "NEW.decided_at IS NOT NULL", "a proposal begins undecided"),
)


def guard(apps, schema_editor):
    for table, name, when, unlawful, said in TRIGGERS:
        if schema_editor.connection.vendor == "sqlite":
            statements = (
                f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} WHEN {unlawful} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {said}'); END",
            )
        else:
            statements = (
                f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {unlawful} THEN RAISE EXCEPTION '{table}: {said}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
                f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
            )
        for statement in statements:
            schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for table, name, *_rest in TRIGGERS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_{name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_{name}()")


class Migration(migrations.Migration):
    """Overturning a ban takes two persons, by order of the database itself."""

    dependencies = [
        ('credentials', '0003_certificate_by_validity'),
        ('registry', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OverturnProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('reason', models.TextField()),
                ('document', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('approved', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reason', models.TextField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overturn_proposals', to='credentials.bansubject')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('subject',), name='one_open_overturn_proposal'), models.CheckConstraint(condition=models.Q(('decided_by_person', None), models.Q(('decided_by_person', models.F('proposed_by_person')), _negated=True), _connector='OR'), name='overturning_takes_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('decided_at', None), ('decided_by', None), ('decided_by_person', None), ('decision_reason', None)), models.Q(('approved__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('decided_by_person__isnull', False), ('decision_reason__isnull', False)), _connector='OR'), name='an_overturn_decision_is_whole')],
            },
        ),
        AppendOnly(
            PROPOSAL,
            settable=("approved", "decided_at", "decided_by_id", "decided_by_person_id", "decision_reason"),
        ),
        migrations.RunPython(guard, unguard),
    ]
