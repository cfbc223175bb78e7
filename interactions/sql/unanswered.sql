-- A row: a client whose newest outgoing contacts, at least `attempts` in a row, ended without reaching them.
-- Any contact that reached the client, or in which they came to us, begins anew; superseded entries do not count.
-- The record that speaks for joined ones has their attempts. Closed and deceased clients are left alone.
-- Reads interactions_interaction by interaction_unanswered (attempts since the day) and interaction_client (what
-- came between), clients_client by primary key.
MERGE INTO clients_unanswered AS kept
USING (
    WITH tried AS MATERIALIZED (
        SELECT coalesce(c.merged_into_id, c.id) AS client_id, i.started_at, i.started_on
        FROM interactions_interaction i
        JOIN clients_client c ON c.id = i.client_id
        WHERE i.outcome = 'not_reached' AND i.direction = 'out' AND i.client_id IS NOT NULL
          AND i.started_at >= %(since)s::timestamptz
          AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = i.id)
    ), often AS MATERIALIZED (
        SELECT client_id FROM tried GROUP BY client_id HAVING count(*) >= %(attempts)s::int
    ), heard AS MATERIALIZED (
        SELECT o.client_id, max(r.started_at) AS heard_at
        FROM often o
        JOIN clients_client c ON c.id = o.client_id OR c.merged_into_id = o.client_id
        JOIN interactions_interaction r ON r.client_id = c.id
        WHERE r.outcome <> 'not_reached' AND r.started_at >= %(since)s::timestamptz
          AND NOT EXISTS (SELECT 1 FROM interactions_interaction n WHERE n.supersedes_id = r.id)
        GROUP BY o.client_id
    )
    SELECT t.client_id, count(*) AS attempts, min(t.started_on) AS since, max(t.started_on) AS last_on
    FROM tried t
    JOIN often o ON o.client_id = t.client_id
    JOIN clients_client c ON c.id = t.client_id AND c.status NOT IN ('closed', 'deceased')
    LEFT JOIN heard h ON h.client_id = t.client_id
    WHERE h.heard_at IS NULL OR t.started_at > h.heard_at
    GROUP BY t.client_id
    HAVING count(*) >= %(attempts)s::int
) AS found
ON kept.client_id = found.client_id
WHEN MATCHED AND (kept.attempts, kept.since, kept.last_on) IS DISTINCT FROM
                 (found.attempts, found.since, found.last_on) THEN
    UPDATE SET attempts = found.attempts, since = found.since, last_on = found.last_on
WHEN NOT MATCHED THEN
    INSERT (client_id, attempts, since, last_on)
    VALUES (found.client_id, found.attempts, found.since, found.last_on)
WHEN NOT MATCHED BY SOURCE THEN DELETE
