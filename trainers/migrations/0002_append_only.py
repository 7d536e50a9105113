from django.db import migrations

from core.append_only import AppendOnly

END = ("ended_on", "ended_reason", "ended_at")


class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("trainers", "0001_initial")]

    operations = [
        AppendOnly("trainers_materialversion"),
        AppendOnly("trainers_materialreview"),
        AppendOnly("trainers_appointment", settable=END),
        AppendOnly("trainers_trainingbody", settable=END),
    ]
