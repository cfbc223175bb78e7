-- A row: facts of one closed month of a client that was active in it (about two of three are).
-- Reads: clients_client whole. Wealth is heavy-tailed by client and drifts by month.
INSERT INTO trading_clientmonth (
    client_id, month, branch_id, manager_no, days, trading_days, assets_sum, assets_end, assets_peak, turnover, trades,
    net_commission, margin_interest, cash_spread, product_fee, other_income, inflow, outflow, last_trade_on,
    product_families
)
SELECT id, %(month)s::date, branch_id, manager_no, %(days)s, %(trading_days)s,
       round(wealth * %(trading_days)s, 4), round(wealth * 1.01, 4), round(wealth * 1.05, 4),
       CASE WHEN traded THEN round(wealth * 0.4, 4) ELSE 0 END, CASE WHEN traded THEN 1 + luck %% 9 ELSE 0 END,
       CASE WHEN traded THEN round(wealth * 0.0002, 4) ELSE 0 END, CASE WHEN luck %% 20 = 0 THEN 12.5 ELSE 0 END,
       round(wealth * 0.00002, 4), CASE WHEN luck %% 4 = 0 THEN round(wealth * 0.0001, 4) ELSE 0 END, 0,
       CASE WHEN luck %% 6 = 0 THEN round(wealth * 0.1, 4) ELSE 0 END,
       CASE WHEN luck %% 7 = 0 THEN round(wealth * 0.08, 4) ELSE 0 END,
       CASE WHEN traded THEN %(month)s::date + luck %% 27 END, luck %% 4
FROM (
    SELECT id, branch_id, manager_no, luck, luck %% 3 > 0 AS traded,
           (8000 / (0.004 + (hashint8(id) & 65535) / 65536.0))::numeric(20, 4) * (90 + luck %% 21) / 100 AS wealth
    FROM (
        SELECT id, branch_id, manager_no, hashint8(id * 37 + %(number)s) & 1048575 AS luck FROM clients_client
    ) AS drawn
    WHERE id %% 3 > 0 OR luck %% 2 = 0
) AS month
