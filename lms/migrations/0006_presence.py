import core.ids
import django.db.models.deletion
from django.db import migrations, models

from core.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0005_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='activesession',
            name='presence_due_ms',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='PresenceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('lesson_key', models.CharField(max_length=60)),
                ('generation', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('words', models.JSONField()),
                ('right', models.PositiveSmallIntegerField()),
                ('issued_ms', models.BigIntegerField()),
                ('expires_ms', models.BigIntegerField()),
                ('choice', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('passed', 'passed'), ('wrong', 'wrong'), ('missed', 'missed'), ('left', 'left')], max_length=6, null=True)),
                ('ended_ms', models.BigIntegerField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presence_checks', to='lms.enrolment')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='activesession',
            name='presence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.presencecheck'),
        ),
        migrations.AddField(
            model_name='watchedinterval',
            name='held_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held', to='lms.presencecheck'),
        ),
        migrations.AddConstraint(
            model_name='presencecheck',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', None)), fields=('enrolment',), name='one_open_check_an_enrolment'),
        ),
        migrations.AddConstraint(
            model_name='presencecheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice', None), ('ended_ms', None), ('outcome', None)), models.Q(('ended_ms__isnull', False), ('outcome__isnull', False)), _connector='OR'), name='a_check_ends_once_and_whole'),
        ),
        AppendOnly("lms_presencecheck", settable=("choice", "outcome", "ended_ms")),
    ]
