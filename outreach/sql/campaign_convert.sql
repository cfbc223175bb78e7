-- One row: a member that was to be called or held out, with whether it met the target in its window, the days after
-- window_from up to window_days later. Reads trades, flows and holdings by their keys (client first).
UPDATE outreach_campaignmember AS member
SET converted = CASE %(target)s
    WHEN 'traded' THEN EXISTS (
        SELECT 1 FROM trading_trade AS trade
        WHERE trade.client_id = member.client_id AND trade.counts
            AND trade.traded_on > member.window_from AND trade.traded_on <= member.window_from + %(days)s::int
    )
    WHEN 'inflow' THEN coalesce((
        SELECT sum(CASE WHEN flow.direction = 'in' THEN flow.amount ELSE -flow.amount END)
        FROM trading_cashflow AS flow
        WHERE flow.client_id = member.client_id AND flow.counts
            AND flow.occurred_on > member.window_from AND flow.occurred_on <= member.window_from + %(days)s::int
    ), 0) >= %(amount)s::numeric
    ELSE EXISTS (
        SELECT 1 FROM trading_holding AS held
        WHERE held.client_id = member.client_id AND held.product_id = %(product)s
            AND held.day > member.window_from AND held.day <= member.window_from + %(days)s::int
    ) AND NOT EXISTS (
        SELECT 1 FROM trading_holding AS held
        WHERE held.client_id = member.client_id AND held.product_id = %(product)s
            AND held.day = (SELECT max(day) FROM trading_balance AS known
                            WHERE known.client_id = member.client_id AND known.day <= member.window_from)
    ) END
WHERE member.campaign_id = %(campaign)s AND member.place IN ('treated', 'control')
