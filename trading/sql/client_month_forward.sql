-- Carries a month's rows from the last run's day (previous) on to the as-of date (F1-F10): what the new days bring is
-- added. For clients without any mark, whose records and earlier days stand as they were, and with one span of record
-- in the month (branch, manager, status); the others are made anew.
-- Reads, for the shard, the days after `previous` only: balances and trades of those feed days by primary key, and
-- trading_recordspan. `loaded` are the loaded trade dates after previous, `snapshot` the holdings' day that counts;
-- `others` are the clients to make anew.
WITH unknown_account AS MATERIALIZED (
    SELECT a.id
    FROM clients_account a
    WHERE a.client_id BETWEEN %(lo)s AND %(hi)s AND a.first_told_on > %(as_of)s
),
span AS MATERIALIZED (
    SELECT c.*, CASE WHEN c.trading_days > 0 THEN (%(loaded)s::date[])[c.upto] END AS last_day
    FROM (
        SELECT b.*, width_bucket(b.open_to - 1, %(loaded)s::date[]) AS upto,
               width_bucket(b.open_to - 1, %(loaded)s::date[])
                   - width_bucket(b.open_from - 1, %(loaded)s::date[]) AS trading_days
        FROM (
            SELECT s.client_id, s.branch_id, s.manager_no,
                   greatest(s.from_date, %(month)s::date) AS from_on,
                   least(s.to_date, %(next_month)s::date, %(as_of)s::date + 1) AS to_on,
                   greatest(s.from_date, %(previous)s::date + 1, s.opened_on) AS open_from,
                   greatest(least(s.to_date, %(next_month)s::date, %(as_of)s::date + 1, s.closed_on),
                            s.from_date, %(previous)s::date + 1, s.opened_on) AS open_to
            FROM trading_recordspan s
            WHERE s.client_id BETWEEN %(lo)s AND %(hi)s
              AND s.client_id <> ALL (%(others)s::bigint[])
              AND s.from_date < %(next_month)s AND s.from_date <= %(as_of)s AND s.to_date > %(month)s
        ) b
        OFFSET 0
    ) c
),
day_assets AS (
    SELECT b.client_id, b.day, sum(b.cash + b.market_value + b.product_value - b.margin_debit) AS value
    FROM trading_balance b
    WHERE b.client_id BETWEEN %(lo)s AND %(hi)s
      AND b.day >= %(month)s AND b.day < %(next_month)s AND b.day > %(previous)s AND b.day <= %(as_of)s
      AND b.account_id NOT IN (SELECT id FROM unknown_account)
    GROUP BY b.client_id, b.day
),
assets AS (
    SELECT s.client_id, sum(d.value) AS total, max(d.value) AS peak, count(*) AS days_told,
           max(d.value) FILTER (WHERE d.day = s.last_day) AS last_value
    FROM span s
    JOIN day_assets d ON d.client_id = s.client_id AND d.day >= s.open_from AND d.day < s.open_to
    GROUP BY s.client_id
),
traded AS (
    SELECT s.client_id, count(*) AS trades, sum(t.amount) AS turnover,
           sum(t.gross_commission - t.handling_fee - t.csrc_fee) AS net_commission, max(t.traded_on) AS last_trade_on
    FROM trading_trade t
    JOIN span s ON s.client_id = t.client_id AND t.traded_on >= s.from_on AND t.traded_on < s.to_on
    WHERE t.client_id BETWEEN %(lo)s AND %(hi)s
      AND t.traded_on >= %(month)s AND t.traded_on < %(next_month)s
      AND t.counts AND t.feed_day > %(previous)s AND t.feed_day <= %(as_of)s
      AND t.account_id NOT IN (SELECT id FROM unknown_account)
    GROUP BY s.client_id
),
flown AS (
    SELECT s.client_id,
           coalesce(sum(f.amount) FILTER (WHERE f.direction = 'in'), 0) AS inflow,
           coalesce(sum(f.amount) FILTER (WHERE f.direction = 'out'), 0) AS outflow
    FROM trading_cashflow f
    JOIN span s ON s.client_id = f.client_id AND f.occurred_on >= s.from_on AND f.occurred_on < s.to_on
    WHERE f.client_id BETWEEN %(lo)s AND %(hi)s
      AND f.occurred_on >= %(month)s AND f.occurred_on < %(next_month)s
      AND f.counts AND f.feed_day > %(previous)s AND f.feed_day <= %(as_of)s
      AND f.account_id NOT IN (SELECT id FROM unknown_account)
    GROUP BY s.client_id
),
earned AS (
    SELECT s.client_id,
           coalesce(sum(i.amount) FILTER (WHERE i.kind = 'margin_interest'), 0) AS margin_interest,
           coalesce(sum(i.amount) FILTER (WHERE i.kind = 'cash_spread'), 0) AS cash_spread,
           coalesce(sum(i.amount) FILTER (WHERE i.kind IN ('product_fee', 'trailing_fee')), 0) AS product_fee,
           coalesce(sum(i.amount) FILTER (WHERE i.kind IN ('advisory_fee', 'other')), 0) AS other_income
    FROM trading_income i
    JOIN span s ON s.client_id = i.client_id AND i.feed_day >= s.from_on AND i.feed_day < s.to_on
    WHERE i.client_id BETWEEN %(lo)s AND %(hi)s
      AND i.feed_day >= %(month)s AND i.feed_day < %(next_month)s AND i.feed_day > %(previous)s
      AND i.feed_day <= %(as_of)s
      AND i.counts
    GROUP BY s.client_id
),
family AS (
    SELECT DISTINCT ON (r.product_id) r.product_id, r.family
    FROM trading_productrecord r
    WHERE r.told_on <= %(as_of)s
    ORDER BY r.product_id, r.told_on DESC
),
held AS (
    SELECT h.client_id, count(DISTINCT f.family) AS families
    FROM trading_holding h
    JOIN family f ON f.product_id = h.product_id AND f.family <> ''
    WHERE h.client_id BETWEEN %(lo)s AND %(hi)s
      AND h.day = %(snapshot)s AND h.quantity > 0
      AND h.account_id NOT IN (SELECT id FROM unknown_account)
    GROUP BY h.client_id
),
delta AS MATERIALIZED (
    -- null where nothing is added: most clients have no trade, flow or income on a day
    SELECT s.client_id, s.branch_id, s.manager_no, s.open_to - s.open_from AS days, s.trading_days,
           a.total AS assets_sum,
           CASE WHEN s.trading_days > 0 THEN coalesce(a.last_value, 0) END AS assets_end,
           CASE WHEN s.trading_days = 0 THEN NULL
                WHEN coalesce(a.days_told, 0) < s.trading_days THEN greatest(a.peak, 0)
                ELSE a.peak END AS assets_peak,
           t.turnover, t.trades, t.net_commission, t.last_trade_on,
           e.margin_interest, e.cash_spread, e.product_fee, e.other_income, f.inflow, f.outflow,
           coalesce(h.families, 0) AS product_families,
           s.open_to > s.open_from OR t.client_id IS NOT NULL OR f.client_id IS NOT NULL
               OR e.client_id IS NOT NULL AS adds
    FROM span s
    LEFT JOIN assets a USING (client_id)
    LEFT JOIN traded t USING (client_id)
    LEFT JOIN flown f USING (client_id)
    LEFT JOIN earned e USING (client_id)
    LEFT JOIN held h USING (client_id)
),
carried AS (
    UPDATE trading_clientmonth o
    SET days = o.days + d.days, trading_days = o.trading_days + d.trading_days,
        assets_sum = coalesce((o.assets_sum + d.assets_sum)::numeric(20, 4), o.assets_sum),
        assets_end = coalesce(d.assets_end, o.assets_end),
        assets_peak = greatest(o.assets_peak, d.assets_peak),
        turnover = coalesce((o.turnover + d.turnover)::numeric(20, 4), o.turnover),
        trades = coalesce(o.trades + d.trades, o.trades),
        net_commission = coalesce((o.net_commission + d.net_commission)::numeric(20, 4), o.net_commission),
        margin_interest = coalesce((o.margin_interest + d.margin_interest)::numeric(20, 4), o.margin_interest),
        cash_spread = coalesce((o.cash_spread + d.cash_spread)::numeric(20, 4), o.cash_spread),
        product_fee = coalesce((o.product_fee + d.product_fee)::numeric(20, 4), o.product_fee),
        other_income = coalesce((o.other_income + d.other_income)::numeric(20, 4), o.other_income),
        inflow = coalesce((o.inflow + d.inflow)::numeric(20, 4), o.inflow),
        outflow = coalesce((o.outflow + d.outflow)::numeric(20, 4), o.outflow),
        last_trade_on = greatest(o.last_trade_on, d.last_trade_on), product_families = d.product_families
    FROM delta d
    WHERE o.client_id BETWEEN %(lo)s AND %(hi)s AND o.month = %(month)s
      AND o.client_id = d.client_id AND o.branch_id = d.branch_id AND o.manager_no = d.manager_no
      AND (d.adds OR o.product_families <> d.product_families)
    RETURNING o.client_id
),
fresh AS (
    INSERT INTO trading_clientmonth (
        client_id, month, branch_id, manager_no, days, trading_days, assets_sum, assets_end, assets_peak, turnover,
        trades, net_commission, margin_interest, cash_spread, product_fee, other_income, inflow, outflow,
        last_trade_on, product_families
    )
    SELECT d.client_id, %(month)s, d.branch_id, d.manager_no, d.days, d.trading_days, coalesce(d.assets_sum, 0),
           d.assets_end, d.assets_peak, coalesce(d.turnover, 0), coalesce(d.trades, 0),
           coalesce(d.net_commission, 0), coalesce(d.margin_interest, 0), coalesce(d.cash_spread, 0),
           coalesce(d.product_fee, 0), coalesce(d.other_income, 0), coalesce(d.inflow, 0), coalesce(d.outflow, 0),
           d.last_trade_on, d.product_families
    FROM delta d
    -- a row that was there is among those carried, since the days add to it
    WHERE d.adds AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.client_id = d.client_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM carried) + (SELECT count(*) FROM fresh) AS rows
