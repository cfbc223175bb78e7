-- A row: what a client x month x branch and manager of record cost, freshly computed for one id range:
-- its interactions in force by the rate of their day, and the fixed monthly cost at the unit that has the
-- client on record, open, on the last day of the month (or the as-of date).
-- Where nothing but the cost makes a row there (after the client has closed), the families of the newest snapshot of
-- holdings stand on it (F8).
-- Reads: interactions_interaction (interaction_client), trading_recordspan (pkey), trading_dirtyclient (pkey),
-- interactions_channelrate, interactions_accountcost; trading_clientmonth, trading_holding by their primary keys.
INSERT INTO interactions_servicemonth_stage
    (client_id, month, branch_id, manager_no, interactions, minutes, messages, cost, product_families)
SELECT client_id, month, branch_id, manager_no,
       sum(interactions), sum(minutes), sum(messages), round(sum(cost), 4),
       CASE WHEN EXISTS (
           SELECT FROM trading_clientmonth AS fact
           WHERE (fact.client_id, fact.month, fact.branch_id, fact.manager_no)
               = (parts.client_id, parts.month, parts.branch_id, parts.manager_no)
       ) THEN 0 ELSE (
           SELECT count(DISTINCT told.family)
           FROM trading_holding AS held
           JOIN clients_account AS account ON account.id = held.account_id AND account.first_told_on <= %(as_of)s
           JOIN LATERAL (
               SELECT family FROM trading_productrecord
               WHERE product_id = held.product_id AND told_on <= %(as_of)s
               ORDER BY told_on DESC LIMIT 1
           ) AS told ON told.family <> ''
           WHERE held.client_id = parts.client_id AND held.quantity > 0
             AND held.day = (SELECT max(snapshot) FROM unnest(%(snapshots)s::date[]) AS snapshot
                             WHERE snapshot < parts.month + interval '1 month')
       ) END
FROM (
    SELECT entry.client_id, date_trunc('month', entry.started_on)::date AS month, span.branch_id, span.manager_no,
           1 AS interactions, entry.minutes, entry.messages,
           entry.minutes * coalesce(rate.per_minute, 0) + entry.messages * coalesce(rate.per_message, 0) AS cost
    FROM interactions_interaction AS entry
    JOIN trading_recordspan AS span
      ON span.client_id = entry.client_id
     AND entry.started_on >= span.from_date AND entry.started_on < span.to_date
    LEFT JOIN trading_dirtyclient AS dirty ON dirty.client_id = entry.client_id
    LEFT JOIN LATERAL (
        SELECT per_minute, per_message FROM interactions_channelrate
        WHERE channel = entry.channel AND effective_on <= entry.started_on
        ORDER BY effective_on DESC LIMIT 1
    ) AS rate ON true
    WHERE entry.client_id BETWEEN %(lo)s AND %(hi)s
      AND span.client_id BETWEEN %(lo)s AND %(hi)s
      -- `since` is no later than any month asked for; the index answers it without a look at older entries
      AND entry.started_at >= %(since)s
      AND entry.started_on <= %(as_of)s
      AND entry.started_on >= least(%(all_from)s::date, dirty.from_month)
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction AS newer WHERE newer.supersedes_id = entry.id)
    UNION ALL
    SELECT span.client_id, calendar.month, span.branch_id, span.manager_no, 0, 0, 0, fixed.per_month
    FROM (
        SELECT start::date AS month, least((start + interval '1 month')::date - 1, %(as_of)s::date) AS last_day
        FROM generate_series(%(first_month)s::date, %(as_of)s::date, interval '1 month') AS start
    ) AS calendar
    JOIN LATERAL (
        SELECT per_month FROM interactions_accountcost
        WHERE effective_on <= calendar.last_day ORDER BY effective_on DESC LIMIT 1
    ) AS fixed ON fixed.per_month > 0
    JOIN trading_recordspan AS span
      ON calendar.last_day >= span.from_date AND calendar.last_day < span.to_date
    LEFT JOIN trading_dirtyclient AS dirty ON dirty.client_id = span.client_id
    WHERE span.client_id BETWEEN %(lo)s AND %(hi)s
      AND calendar.month >= least(%(all_from)s::date, dirty.from_month)
      AND span.opened_on <= calendar.last_day
      AND (span.closed_on IS NULL OR span.closed_on > calendar.last_day)
) AS parts
GROUP BY client_id, month, branch_id, manager_no
