"""A request for a file says its filters and columns in words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_saved_views_bulk_runs_exports")]

    operations = [
        migrations.AddField("export", "described", models.JSONField(default=dict)),
    ]
