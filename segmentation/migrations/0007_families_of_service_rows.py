"""The contribution view takes the product families of rows that only the cost of service makes."""

from django.db import migrations

VIEW = """
CREATE OR REPLACE VIEW segmentation_contribution AS
SELECT client_id, month, branch_id, manager_no,
       sum(days)::smallint AS days, sum(trading_days)::smallint AS trading_days,
       sum(assets_sum) AS assets_sum, max(assets_end) AS assets_end, max(assets_peak) AS assets_peak,
       sum(turnover) AS turnover, sum(trades)::integer AS trades, sum(net_commission) AS net_commission,
       sum(margin_interest) AS margin_interest, sum(cash_spread) AS cash_spread, sum(product_fee) AS product_fee,
       sum(other_income) AS other_income, sum(inflow) AS inflow, sum(outflow) AS outflow,
       max(last_trade_on) AS last_trade_on, max(product_families)::smallint AS product_families,
       sum(service_cost) AS service_cost,
       sum(net_commission + margin_interest + cash_spread + product_fee + other_income - service_cost)
           AS contribution
FROM (
    SELECT client_id, month, branch_id, manager_no, days, trading_days, assets_sum, assets_end, assets_peak,
           turnover, trades, net_commission, margin_interest, cash_spread, product_fee, other_income, inflow,
           outflow, last_trade_on, product_families, 0::numeric(20,4) AS service_cost
    FROM trading_clientmonth
    UNION ALL
    SELECT client_id, month, branch_id, manager_no, 0, 0, 0, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL,
           product_families, cost
    FROM interactions_servicemonth
) AS parts
GROUP BY client_id, month, branch_id, manager_no
"""


class Migration(migrations.Migration):
    dependencies = [
        ("segmentation", "0006_segment_figures"),
        ("interactions", "0003_families_of_service_rows"),
    ]
    operations = [migrations.RunSQL(VIEW, migrations.RunSQL.noop)]
