import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0003_duties'),
        ('registry', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('standard_code', models.CharField(max_length=80)),
                ('minutes', models.IntegerField()),
                ('reasons', models.JSONField()),
                ('opened_at', models.DateTimeField()),
                ('working_days', models.PositiveSmallIntegerField()),
                ('answer_before', models.DateField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='lms.hourentry')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.facility')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
            options={
                'ordering': ['answer_before', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContestStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('opened', 'contested'), ('escalated', 'went to the next level, for the time was over'), ('upheld', 'the line stays as it is'), ('remedied', 'remedied by another line')], max_length=10)),
                ('answer_before', models.DateField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=1000)),
                ('happened_at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='lms.contest')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
                ('remedy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.hourentry')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='contest',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['answer_before'], name='contest_open'),
        ),
        migrations.AddConstraint(
            model_name='contest',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('entry', 'standard_code'), name='one_open_contest_a_line'),
        ),
        migrations.AddConstraint(
            model_name='conteststep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'remedied'), ('remedy__isnull', False)), models.Q(models.Q(('kind', 'remedied'), _negated=True), ('remedy', None)), _connector='OR'), name='a_remedy_names_its_line'),
        ),
        migrations.AddConstraint(
            model_name='conteststep',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'escalated'), models.Q(models.Q(('words', ''), _negated=True), ('by__isnull', False)), _connector='OR'), name='a_step_says_who_and_why'),
        ),
        migrations.AddConstraint(
            model_name='conteststep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_before__isnull', False), ('kind__in', ['opened', 'escalated'])), models.Q(('answer_before', None), ('kind__in', ['upheld', 'remedied'])), _connector='OR'), name='a_level_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='conteststep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['upheld', 'remedied'])), fields=('contest',), name='one_answer_a_contest'),
        ),
        AppendOnly("lms_conteststep"),
    ]
