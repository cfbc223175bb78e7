"""The stage of clients' ways through a period, filled range by range before they are grouped."""

from django.db import migrations

STAGE = """
CREATE UNLOGGED TABLE kpis_freshway (
    client_id bigint NOT NULL, entered_on date, kind varchar(8) NOT NULL, tier_from varchar(3) NOT NULL, tier_to varchar(3) NOT NULL,
    opening_id bigint NOT NULL, opening_manager varchar(20) NOT NULL,
    closing_id bigint NOT NULL, closing_manager varchar(20) NOT NULL,
    record_id bigint NOT NULL, record_manager varchar(20) NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0008_rewards")]
    operations = [migrations.RunSQL(STAGE, "DROP TABLE kpis_freshway")]
