"""Product families on rows that only the cost of service makes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_stage_and_seed")]
    operations = [
        migrations.AddField("servicemonth", "product_families", models.SmallIntegerField(default=0)),
        migrations.RunSQL(
            "ALTER TABLE interactions_servicemonth_stage ADD COLUMN product_families smallint NOT NULL",
            "ALTER TABLE interactions_servicemonth_stage DROP COLUMN product_families",
        ),
    ]
