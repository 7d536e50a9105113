from django.db import migrations

from core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial")]
    operations = [AppendOnly("cms_coursereview")]
