from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0008_exports_of_systems")]
    operations = [
        migrations.AddField("runstep", "wal_bytes", models.BigIntegerField(default=0)),
        migrations.AddField("runstep", "wal_at", models.BigIntegerField(null=True)),
    ]
