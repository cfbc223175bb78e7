"""Thresholds of service levels hold from a day on; those so far hold from the beginning."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0014_newest_events_of_lines")]
    operations = [
        migrations.RemoveConstraint("servicethreshold", "service_threshold_once"),
        migrations.AddField("servicethreshold", "from_date", models.DateField(default=date(1900, 1, 1))),
        migrations.AlterModelOptions(
            "servicethreshold", options={"ordering": ["channel", "tier_band", "from_date"]}
        ),
        migrations.AddConstraint(
            "servicethreshold",
            models.UniqueConstraint(
                fields=["channel", "tier_band", "from_date"], name="service_threshold_once"
            ),
        ),
    ]
