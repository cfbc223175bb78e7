-- The days (in Shanghai) of conversations that ended in a window: their first contact resolution is known now.
-- Reads: interactions_conversation by conversation_ended.
SELECT DISTINCT (queued_at AT TIME ZONE 'Asia/Shanghai')::date AS day
FROM interactions_conversation
WHERE direction = 'in' AND queued_at IS NOT NULL AND answered_at IS NOT NULL
  AND ended_at >= %(start)s AND ended_at < %(end)s
ORDER BY day
