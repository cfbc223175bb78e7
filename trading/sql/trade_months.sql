-- The months that staged trades fall into, each of which needs its partition.
SELECT DISTINCT date_trunc('month', s.traded_at AT TIME ZONE 'Asia/Shanghai')::date AS month
FROM trading_stage_trade s
