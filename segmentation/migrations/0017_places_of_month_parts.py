"""Month parts tell the unit of record too, so that sums by unit need no putting together by client first."""

import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE OR REPLACE VIEW segmentation_monthpart AS
SELECT client_id, month, trading_days, assets_sum, turnover, trades, inflow, outflow,
       0::numeric(20,4) AS service_cost,
       net_commission + margin_interest + cash_spread + product_fee + other_income AS contribution,
       branch_id, manager_no, days
FROM trading_clientmonth
UNION ALL
SELECT client_id, month, 0, 0, 0, 0, 0, 0, cost, -cost, branch_id, manager_no, 0
FROM interactions_servicemonth
"""


class Migration(migrations.Migration):
    dependencies = [
        ("segmentation", "0016_month_parts"),
        ("staff", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="monthpart",
            name="branch",
            field=models.ForeignKey(
                default=0, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="staff.unit"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="monthpart",
            name="manager_no",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="monthpart",
            name="days",
            field=models.SmallIntegerField(default=0),
            preserve_default=False,
        ),
    ]
