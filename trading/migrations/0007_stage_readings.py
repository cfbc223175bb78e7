"""Further readings of a client's name travel with the row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trading", "0006_hidden_rows"), ("clients", "0009_search")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE trading_stage_client ADD COLUMN readings text",
            "ALTER TABLE trading_stage_client DROP COLUMN readings",
        )
    ]
