-- Takes the marks away and gives the days (in Shanghai) to be made anew: those of the marked conversations,
-- and those of earlier ones of the same client that ended within seven days before a marked one opened.
-- Serves itself by interactions_levelmark's primary key, and conversations by the index of their client.
WITH taken AS (
    DELETE FROM interactions_levelmark RETURNING client_id, opened_at, queued_at
)
SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date AS day
FROM (
    SELECT queued_at AS moment FROM taken
    UNION
    SELECT earlier.queued_at
    FROM taken
    JOIN interactions_conversation AS earlier
      ON earlier.client_id = taken.client_id
     AND earlier.opened_at <= taken.opened_at
     AND earlier.ended_at >= taken.opened_at - interval '7 days'
) AS moments
WHERE moment IS NOT NULL
ORDER BY day
