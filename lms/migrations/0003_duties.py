import core.ids
import django.db.models.deletion
from django.db import migrations, models

from core.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0002_append_only'),
        ('registry', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('what', models.CharField(choices=[('done', 'done'), ('confirmed', 'confirmed'), ('taken_back', 'taken back')], max_length=10)),
                ('kind', models.CharField(max_length=40)),
                ('done_on', models.DateField()),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('source', models.CharField(choices=[('facility', 'reported by the facility'), ('authority', 'recorded by the supervising authority')], max_length=10)),
                ('reference', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=80)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='lms.dutyrecord')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.facility')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
            options={
                'ordering': ['-done_on', '-pk'],
                'indexes': [models.Index(fields=['person', 'done_on'], name='duty_of_person'), models.Index(fields=['facility', 'done_on'], name='duty_at_facility')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('what', 'done')), fields=('person', 'kind', 'done_on', 'edition'), name='a_duty_of_a_day_is_recorded_once'), models.UniqueConstraint(condition=models.Q(('about__isnull', False)), fields=('about', 'what'), name='a_duty_is_answered_once'), models.CheckConstraint(condition=models.Q(models.Q(('about', None), ('what', 'done')), models.Q(models.Q(('what', 'done'), _negated=True), ('about__isnull', False)), _connector='OR'), name='an_answer_names_its_duty'), models.CheckConstraint(condition=models.Q(models.Q(('what', 'confirmed'), _negated=True), ('source', 'authority'), _connector='OR'), name='an_authority_confirms'), models.CheckConstraint(condition=models.Q(('reference', ''), ('source', 'facility'), ('what', 'done'), _negated=True), name='a_facility_names_its_evidence'), models.CheckConstraint(condition=models.Q(('note', ''), ('what', 'taken_back'), _negated=True), name='what_is_taken_back_says_why')],
            },
        ),
        AppendOnly("lms_dutyrecord"),
    ]
