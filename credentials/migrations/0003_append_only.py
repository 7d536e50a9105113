from django.db import migrations

from core.append_only import AppendOnly

class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("credentials", "0002_initial")]

    operations = [
        AppendOnly("credentials_certificate"),
        AppendOnly("credentials_certificatefile"),
        AppendOnly("credentials_statusmark", settable=("lifted_on", "lifted_recorded_at", "lifted_by_id", "lifted_reason")),
        AppendOnly("credentials_staffcheck"),
    ]
