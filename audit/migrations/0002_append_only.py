from django.db import migrations

from core.append_only import AppendOnly


def begin_the_chain(apps, schema_editor):
    apps.get_model("audit", "ChainHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    """Records of law are added to, never edited: the database itself refuses."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(begin_the_chain, migrations.RunPython.noop),
        AppendOnly("audit_entry"),
    ]
