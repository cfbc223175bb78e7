-- One row: a member, of one part of the audience by client, that was to be contacted or held out, with whether it met the
-- target in its window, the days after window_from up to window_days later; a client speaks for the records joined into
-- it. Average assets: of the month in which the window ends, less those of the month before it began (F10). Reads trades,
-- flows, holdings and months by their keys (client first), the part by campaign_member_once, joined records by
-- clients_client(merged_into_id).
UPDATE outreach_campaignmember AS member
SET converted = CASE %(target)s
    WHEN 'traded' THEN EXISTS (
        SELECT 1 FROM clients_client AS record
        JOIN trading_trade AS trade ON trade.client_id = record.id AND trade.counts
            AND trade.traded_on > member.window_from AND trade.traded_on <= member.window_from + %(days)s::int
        WHERE record.id = member.client_id OR record.merged_into_id = member.client_id
    )
    WHEN 'inflow' THEN coalesce((
        SELECT sum(CASE WHEN flow.direction = 'in' THEN flow.amount ELSE -flow.amount END)
        FROM clients_client AS record
        JOIN trading_cashflow AS flow ON flow.client_id = record.id AND flow.counts
            AND flow.occurred_on > member.window_from AND flow.occurred_on <= member.window_from + %(days)s::int
        WHERE record.id = member.client_id OR record.merged_into_id = member.client_id
    ), 0) >= %(amount)s::numeric
    WHEN 'assets' THEN coalesce((
        SELECT coalesce(sum(fact.assets_sum) FILTER (WHERE fact.month = span.ends)
                   / nullif(sum(fact.trading_days) FILTER (WHERE fact.month = span.ends), 0), 0)
             - coalesce(sum(fact.assets_sum) FILTER (WHERE fact.month = span.before)
                   / nullif(sum(fact.trading_days) FILTER (WHERE fact.month = span.before), 0), 0)
        FROM (SELECT (date_trunc('month', member.window_from) - interval '1 month')::date AS before,
                     date_trunc('month', member.window_from + %(days)s::int)::date AS ends) AS span
        CROSS JOIN clients_client AS record
        JOIN trading_clientmonth AS fact ON fact.client_id = record.id AND fact.month IN (span.before, span.ends)
        WHERE record.id = member.client_id OR record.merged_into_id = member.client_id
    ), 0) >= %(amount)s::numeric
    ELSE EXISTS (
        SELECT 1 FROM clients_client AS record
        JOIN trading_holding AS held ON held.client_id = record.id AND held.product_id = %(product)s
            AND held.day > member.window_from AND held.day <= member.window_from + %(days)s::int
        WHERE record.id = member.client_id OR record.merged_into_id = member.client_id
    ) AND NOT EXISTS (
        SELECT 1 FROM clients_client AS record
        JOIN trading_holding AS held ON held.client_id = record.id AND held.product_id = %(product)s
            AND held.day = (SELECT max(day) FROM trading_balance AS known
                            WHERE known.client_id = record.id AND known.day <= member.window_from)
        WHERE record.id = member.client_id OR record.merged_into_id = member.client_id
    ) END
WHERE member.campaign_id = %(campaign)s AND member.client_id > %(after)s AND member.client_id <= %(upto)s
    AND member.place IN ('treated', 'control')
