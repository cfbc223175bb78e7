"""The page of lines tells when each brought its last event, and how many today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0013_addresses_that_bounced_steps")]
    operations = [
        migrations.AddIndex(
            "channelevent", models.Index(fields=["line", "-received_at"], name="channel_event_of_line")
        )
    ]
