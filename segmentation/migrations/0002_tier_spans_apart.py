"""A client's tier spans never overlap; held by the database because set-based SQL writes them."""

from django.db import migrations

APART = """
ALTER TABLE segmentation_tierspan ADD CONSTRAINT tier_spans_apart
    EXCLUDE USING gist (client_id WITH =, daterange(from_date, to_date) WITH &&);
"""


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0001_initial"), ("core", "0002_guards")]
    operations = [migrations.RunSQL(APART, "ALTER TABLE segmentation_tierspan DROP CONSTRAINT tier_spans_apart")]
