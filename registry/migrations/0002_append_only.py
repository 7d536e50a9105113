from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("registry", "0001_initial")]

    operations = [
        AppendOnly("registry_exclusion", settable=("lifted_on", "lifted_recorded_at")),
        AppendOnly("registry_standardversion", settable=("in_force_until",)),
    ]
