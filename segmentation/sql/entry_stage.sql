-- A row: a client that becomes EFFECTIVE or REACTIVATED at a month close (L2, L3, L8, L9); staged.
-- Reads: trading_recordspan, trading_clientmonth, segmentation_lifecycleevent, each by its primary key's client range; outreach_callback (callback_once) for what passed in the house; trading_trade (pkey) for trades in the opening month before the opening.
INSERT INTO segmentation_eventstage (client_id, on_date, event, reason, month, branch_id, manager_no)
WITH past AS (
    SELECT DISTINCT ON (client_id) client_id, event, reason
    FROM segmentation_lifecycleevent
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month < %(month)s
      AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
    ORDER BY client_id, on_date DESC, event IN ('LOST', 'EXCLUDED') DESC
), fact AS (
    SELECT client_id, sum(assets_sum) AS assets_sum, sum(trading_days) AS trading_days
    FROM trading_clientmonth
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month = %(month)s
      AND (%(everyone)s OR client_id = ANY (%(client_ids)s::bigint[]))
    GROUP BY client_id
), waiting AS (
    SELECT span.client_id, span.opened_on, past.event IS NULL AS is_new,
           coalesce(fact.assets_sum, 0) AS assets_sum, coalesce(fact.trading_days, 0) AS trading_days
    FROM trading_recordspan AS span
    LEFT JOIN past ON past.client_id = span.client_id
    LEFT JOIN fact ON fact.client_id = span.client_id
    WHERE span.client_id BETWEEN %(lo)s AND %(hi)s
      AND span.from_date <= %(month_end)s AND span.to_date > %(month_end)s
      AND (%(everyone)s OR span.client_id = ANY (%(client_ids)s::bigint[]))
      AND span.opened_on <= %(month_end)s
      AND (span.closed_on IS NULL OR span.closed_on > %(month_end)s)
      AND (span.deceased_on IS NULL OR span.deceased_on > %(month_end)s)
      AND ((past.event IS NULL AND span.status = 'normal'
            AND (span.callback_passed_on <= %(month_end)s OR EXISTS (
                SELECT FROM outreach_callback AS called
                WHERE called.client_id = span.client_id AND called.kind = 'new_account' AND NOT called.told_by_feed
                  AND called.passed_on <= least(%(month_end)s::date, %(as_of)s::date))))
           OR (past.event = 'LOST' AND past.reason IN ('TRANSFERRED', 'SOFT')))
), entry AS (
    SELECT client_id,
           CASE WHEN is_new AND %(is_first)s AND opened_on < %(month)s THEN opened_on
                ELSE %(month_end)s::date END AS on_date,
           CASE WHEN is_new THEN 'EFFECTIVE' ELSE 'REACTIVATED' END AS event,
           CASE WHEN is_new AND %(is_first)s AND opened_on < %(month)s THEN 'OPENING' ELSE '' END AS reason
    FROM waiting
    WHERE CASE
        WHEN trading_days > 0 AND is_new AND assets_sum >= %(effective_assets)s * trading_days THEN true
        WHEN is_new THEN coalesce((
            SELECT sum(net_commission) FROM trading_clientmonth AS earned
            WHERE earned.client_id = waiting.client_id
              AND earned.month >= date_trunc('month', waiting.opened_on) AND earned.month <= %(month)s), 0)
            - coalesce((
            SELECT sum(gross_commission - handling_fee - csrc_fee) FROM trading_trade AS early
            WHERE early.client_id = waiting.client_id AND early.counts AND early.feed_day <= %(as_of)s
              AND early.traded_on >= date_trunc('month', waiting.opened_on)
              AND early.traded_on < waiting.opened_on), 0) >= %(effective_commission)s
        ELSE trading_days > 0 AND assets_sum >= %(reactivated_assets)s * trading_days
    END
)
SELECT entry.client_id, entry.on_date, entry.event, entry.reason, %(month)s, record.branch_id, record.manager_no
FROM entry
JOIN trading_recordspan AS record
  ON record.client_id = entry.client_id
 AND record.from_date <= entry.on_date AND record.to_date > entry.on_date
WHERE record.client_id BETWEEN %(lo)s AND %(hi)s
