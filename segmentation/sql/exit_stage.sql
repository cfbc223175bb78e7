-- A row: a held client that dies, closes or is transferred away in the month, on the first such date; on one date
-- death before closure before transfer (L4, L5, L7, L9, L12); staged beside the month's entries.
-- Reads: trading_recordspan, trading_custodyevent, segmentation_lifecycleevent by their primary keys' client range,
-- segmentation_threshold.
INSERT INTO segmentation_eventstage (client_id, on_date, event, reason, month, branch_id, manager_no)
WITH happened AS (
    SELECT client_id, deceased_on AS on_date, 'EXCLUDED' AS event, 'DECEASED' AS reason, 1 AS place
    FROM trading_recordspan
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND deceased_on BETWEEN %(month)s AND %(last_day)s
      AND from_date <= %(last_day)s AND to_date > %(last_day)s
    UNION ALL
    SELECT client_id, closed_on, 'LOST', 'CLOSED', 2
    FROM trading_recordspan
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND closed_on BETWEEN %(month)s AND %(last_day)s
      AND from_date <= %(last_day)s AND to_date > %(last_day)s
    UNION ALL
    SELECT client_id, feed_day, 'LOST', 'TRANSFERRED', 3
    FROM trading_custodyevent AS custody
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND feed_day BETWEEN %(month)s AND %(last_day)s AND counts
      AND residual_assets < (
          SELECT transferred_residual FROM segmentation_threshold
          WHERE effective_on <= custody.feed_day ORDER BY effective_on DESC LIMIT 1)
), held AS (
    SELECT client_id, on_date AS since
    FROM (
        SELECT DISTINCT ON (client_id) client_id, on_date, event
        FROM segmentation_lifecycleevent AS past
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND month < %(month)s
          AND client_id IN (SELECT client_id FROM happened)
        ORDER BY client_id, on_date DESC, event IN ('LOST', 'EXCLUDED') DESC
    ) AS last
    WHERE event IN ('EFFECTIVE', 'REACTIVATED')
    UNION ALL
    SELECT client_id, on_date FROM segmentation_eventstage
), exit AS (
    SELECT DISTINCT ON (happened.client_id)
           happened.client_id, happened.on_date, happened.event, happened.reason
    FROM happened
    JOIN held ON held.client_id = happened.client_id AND held.since <= happened.on_date
    WHERE %(everyone)s OR happened.client_id = ANY (%(client_ids)s::bigint[])
    ORDER BY happened.client_id, happened.on_date, happened.place
)
SELECT exit.client_id, exit.on_date, exit.event, exit.reason, %(month)s, record.branch_id, record.manager_no
FROM exit
JOIN trading_recordspan AS record
  ON record.client_id = exit.client_id AND record.from_date <= exit.on_date AND record.to_date > exit.on_date
WHERE record.client_id BETWEEN %(lo)s AND %(hi)s
