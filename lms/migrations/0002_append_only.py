from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("lms", "0001_initial")]

    operations = [
        AppendOnly("lms_hourentry"),
        AppendOnly("lms_courseversion"),
        AppendOnly("lms_lessoncompletion"),
    ]
