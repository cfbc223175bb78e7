-- A row: a held client whose money has gone without any other exit in the month (SOFT, L6); staged after them.
-- An average is kept as sum over days (1 where there are none, so that no value counts as 0) and compared crosswise,
-- which is exact. Reads: trading_recordspan, trading_clientmonth, segmentation_lifecycleevent by their primary
-- keys' client range.
INSERT INTO segmentation_eventstage (client_id, on_date, event, reason, month, branch_id, manager_no)
WITH held AS (
    SELECT client_id
    FROM (
        SELECT DISTINCT ON (client_id) client_id, event
        FROM (
            SELECT client_id, on_date, event FROM segmentation_lifecycleevent
            WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month < %(month)s
              AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
            UNION ALL
            SELECT client_id, on_date, event FROM segmentation_eventstage
        ) AS events
        ORDER BY client_id, on_date DESC, event IN ('LOST', 'EXCLUDED') DESC
    ) AS last
    WHERE event IN ('EFFECTIVE', 'REACTIVATED')
), fading AS (
    SELECT record.client_id, record.branch_id, record.manager_no
    FROM held
    JOIN trading_recordspan AS record ON record.client_id = held.client_id
    LEFT JOIN (
        SELECT client_id, sum(assets_sum) AS assets_sum, sum(trading_days) AS trading_days, sum(trades) AS trades
        FROM trading_clientmonth
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s
          AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
        GROUP BY client_id
    ) AS fact ON fact.client_id = held.client_id
    WHERE record.client_id BETWEEN %(lo)s AND %(hi)s
      AND record.from_date <= %(month_end)s AND record.to_date > %(month_end)s
      AND record.opened_on < %(month)s::date - interval '1 month'
      AND (record.closed_on IS NULL OR record.closed_on > %(month_end)s)
      AND coalesce(fact.trades, 0) = 0
      AND (coalesce(fact.trading_days, 0) = 0 OR fact.assets_sum < %(soft_assets)s * fact.trading_days)
), year AS (
    SELECT fading.client_id, calendar.month AS month,
           coalesce(sum(fact.assets_sum) FILTER (WHERE fact.trading_days > 0), 0) AS assets_sum,
           greatest(coalesce(sum(fact.trading_days), 0), 1) AS trading_days,
           coalesce(sum(fact.trades), 0) AS trades,
           coalesce(sum(fact.inflow), 0) AS inflow, coalesce(sum(fact.outflow), 0) AS outflow
    FROM fading
    CROSS JOIN unnest(%(year)s::date[]) AS calendar (month)
    LEFT JOIN trading_clientmonth AS fact
      ON fact.client_id = fading.client_id AND fact.month = calendar.month
     AND fact.client_id BETWEEN %(lo)s AND %(hi)s AND fact.month = ANY (%(year)s::date[])
    GROUP BY fading.client_id, calendar.month
), peak AS (
    SELECT DISTINCT ON (client_id) client_id, month, assets_sum, trading_days
    FROM year
    ORDER BY client_id, round(assets_sum / trading_days, 12) DESC, month DESC
)
SELECT fading.client_id, %(month_end)s, 'LOST', 'SOFT', %(month)s, fading.branch_id, fading.manager_no
FROM fading
JOIN peak ON peak.client_id = fading.client_id
JOIN year ON year.client_id = fading.client_id
GROUP BY fading.client_id, fading.branch_id, fading.manager_no, peak.month, peak.assets_sum, peak.trading_days
HAVING bool_and(
           year.trades = 0
           AND year.assets_sum < %(soft_assets)s * year.trading_days
           AND year.assets_sum * peak.trading_days
               < %(soft_peak_share)s * peak.assets_sum * year.trading_days
       ) FILTER (WHERE year.month >= %(month)s::date - interval '2 months')
   AND (coalesce(sum(year.outflow) FILTER (WHERE year.month >= peak.month), 0)
        - coalesce(sum(year.inflow) FILTER (WHERE year.month > peak.month), 0)) * peak.trading_days
       >= %(soft_outflow_share)s * peak.assets_sum
