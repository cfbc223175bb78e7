"""The contribution view, the stages of the nightly steps, and what keeps a published version as it is.

The stages are empty between statements. On one machine every session works in a temporary copy of its own
(segmentation.recompute.stages); on a cluster the tables themselves are distributed by client_id.
"""

from django.db import migrations

# A union, not a full join: conditions on client_id and month reach both tables, and sums nobody asks for
# are left out by the planner.
VIEW = """
CREATE VIEW segmentation_contribution AS
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
    SELECT client_id, month, branch_id, manager_no, 0, 0, 0, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, cost
    FROM interactions_servicemonth
) AS parts
GROUP BY client_id, month, branch_id, manager_no
"""

STAGES = """
CREATE UNLOGGED TABLE segmentation_eventstage (
    client_id bigint NOT NULL, on_date date NOT NULL, event varchar(12) NOT NULL, reason varchar(12) NOT NULL,
    month date NOT NULL, branch_id bigint NOT NULL, manager_no varchar(20) NOT NULL
);
CREATE UNLOGGED TABLE segmentation_windowstage (
    client_id bigint NOT NULL,
    income_12m numeric NOT NULL, income_leaving_12m numeric NOT NULL,
    income_3m numeric NOT NULL, income_leaving_3m numeric NOT NULL,
    net_inflow numeric NOT NULL, net_inflow_leaving numeric NOT NULL,
    turnover numeric NOT NULL, turnover_leaving numeric NOT NULL,
    assets_sum_12m numeric NOT NULL, trading_days_12m integer NOT NULL,
    assets_sum_3m numeric NOT NULL, trading_days_3m integer NOT NULL,
    active_months integer NOT NULL, assets_peak numeric, last_trade_on date
);
CREATE UNLOGGED TABLE segmentation_rawstage (
    client_id bigint NOT NULL, branch_id bigint NOT NULL, manager_no varchar(20) NOT NULL,
    kind varchar(12) NOT NULL, mature boolean NOT NULL,
    contribution_12m numeric, contribution_3m_x4 numeric, assets_avg_3m numeric, net_inflow_ratio numeric,
    declared_outside_assets numeric, recency_days integer, active_months_12m integer, turnover_12m numeric,
    product_families integer, tenure_years numeric, complaints_12m integer,
    last_trade_on date, assets_end numeric, assets_month numeric, assets_month_peak numeric, assets_fell boolean
);
CREATE UNLOGGED TABLE segmentation_scorestage (
    LIKE segmentation_rawstage,
    current float8, potential float8, loyalty float8, score numeric, provisional boolean NOT NULL,
    matrix varchar(10) NOT NULL, stage varchar(10) NOT NULL
);
CREATE UNLOGGED TABLE segmentation_spanclient (client_id bigint NOT NULL);
CREATE UNLOGGED TABLE segmentation_spanstage (
    client_id bigint NOT NULL, from_date date NOT NULL, to_date date, tier varchar(3) NOT NULL,
    reason varchar(20) NOT NULL, model_version_id bigint
);
"""
NO_STAGES = """
DROP TABLE segmentation_spanstage, segmentation_spanclient, segmentation_scorestage, segmentation_rawstage,
    segmentation_windowstage, segmentation_eventstage
"""

# Curves stay inside their row, so that walking them never unpacks anything; rows of scores keep room for
# the next night's values on the same page.
STORAGE = """
ALTER TABLE segmentation_curve ALTER COLUMN xs SET STORAGE PLAIN, ALTER COLUMN starts SET STORAGE PLAIN,
    ALTER COLUMN slopes SET STORAGE PLAIN;
ALTER TABLE segmentation_clientscore SET (fillfactor = 70);
"""

# One expression each, so that the planner puts them into the statement itself.
FUNCTIONS = """
CREATE FUNCTION segmentation_points(x float8, xs float8[], starts float8[], slopes float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN starts[width_bucket(x, xs)] + slopes[width_bucket(x, xs)] * (x - xs[width_bucket(x, xs)]);
CREATE FUNCTION segmentation_weight(points float8, weight float8) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN points IS NULL THEN 0 ELSE weight END;
"""
NO_FUNCTIONS = """
DROP FUNCTION segmentation_weight(float8, float8);
DROP FUNCTION segmentation_points(float8, float8[], float8[], float8[]);
"""

IMMUTABLE = """
CREATE TRIGGER model_version_immutable BEFORE UPDATE OR DELETE ON segmentation_modelversion
    FOR EACH ROW WHEN (old.breakpoints_as_of IS NOT NULL) EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER breakpoint_immutable BEFORE UPDATE OR DELETE ON segmentation_breakpoint
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER curve_immutable BEFORE UPDATE OR DELETE ON segmentation_curve
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""
MUTABLE = """
DROP TRIGGER model_version_immutable ON segmentation_modelversion;
DROP TRIGGER breakpoint_immutable ON segmentation_breakpoint;
DROP TRIGGER curve_immutable ON segmentation_curve;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("segmentation", "0003_value_model"),
        ("trading", "0003_partitions_and_staging"),
        ("interactions", "0002_stage_and_seed"),
        ("core", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW segmentation_contribution"),
        migrations.RunSQL(STAGES, NO_STAGES),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
