"""The rows that sums over months are added up from, without putting them together by month first."""

import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW segmentation_monthpart AS
SELECT client_id, month, trading_days, assets_sum, turnover, trades, inflow, outflow,
       0::numeric(20,4) AS service_cost,
       net_commission + margin_interest + cash_spread + product_fee + other_income AS contribution
FROM trading_clientmonth
UNION ALL
SELECT client_id, month, 0, 0, 0, 0, 0, 0, cost, -cost
FROM interactions_servicemonth
"""


def _money() -> models.DecimalField:
    return models.DecimalField(decimal_places=4, max_digits=20)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0019_imports_of_systems"),
        ("interactions", "0003_families_of_service_rows"),
        ("segmentation", "0015_workbench"),
    ]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW segmentation_monthpart"),
        migrations.CreateModel(
            name="MonthPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField()),
                ("trading_days", models.SmallIntegerField()),
                ("assets_sum", _money()),
                ("turnover", _money()),
                ("trades", models.IntegerField()),
                ("inflow", _money()),
                ("outflow", _money()),
                ("service_cost", _money()),
                ("contribution", _money()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="clients.client"
                    ),
                ),
            ],
            options={"db_table": "segmentation_monthpart", "managed": False},
        ),
    ]
