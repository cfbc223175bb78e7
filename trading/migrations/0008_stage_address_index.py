"""The blind index of an address travels with the row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trading", "0007_stage_readings"), ("clients", "0012_privacy_and_quality")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE trading_stage_client ADD COLUMN address_index bytea",
            "ALTER TABLE trading_stage_client DROP COLUMN address_index",
        )
    ]
