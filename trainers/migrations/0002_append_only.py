from django.db import migrations

from core.append_only import AppendOnly

class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("trainers", "0001_initial")]

    operations = [
        AppendOnly("trainers_materialversion"),
        AppendOnly("trainers_materialreview"),
    ]
