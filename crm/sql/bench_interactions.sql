-- A row: one contact with a benchmark client, spread over the months before the running day.
-- Reads: clients_client by quantity; interactions_category.
INSERT INTO interactions_interaction (
    client_id, channel, direction, conversation, started_at, started_on, minutes, messages, category_id, subject,
    summary, outcome, reference, confidentiality, recorded_by, recorded_at
)
SELECT client.id, (ARRAY['phone', 'wecom', 'chat', 'visit', 'email'])[1 + number %% 5], 'in', '',
       at, (at AT TIME ZONE 'Asia/Shanghai')::date, number %% 12, number %% 3, %(category)s, '',
       '咨询账户与交易', 'resolved', '', 'normal', 'bench', at
FROM generate_series(1, %(interactions)s) AS number
JOIN LATERAL (SELECT %(until)s::timestamptz - make_interval(mins => number %% 800000) AS at) AS moment ON true
JOIN clients_client AS client ON client.client_no = 'B' || lpad((1 + (number::bigint * 7919) %% %(clients)s)::text, 8, '0')
