-- A row: the clients that went the same way through a period (kpis.rules.passages), staged.
-- One pass: each client's events give its kind of passage and the two dates on which its units count; a loss counts
-- at the unit on record undo_days + 1 days before it, and so does the opening when it lies later (K3).
-- Reads: segmentation_lifecycleevent whole up to the end (primary key), trading_recordspan at both dates,
-- segmentation_scoreclose of both closes (index score_close_branch_tier), or segmentation_clientscore for a running
-- period (K10), or segmentation_rescoredtier where the model version changed in between.
INSERT INTO kpis_freshpassage (
    period, kind, movement, tier_from, tier_to, opening_branch, opening_region, opening_manager,
    closing_branch, closing_region, closing_manager, record_branch, record_region, record_manager,
    clients, size, digest
)
WITH place AS (
    SELECT branch_id, branch, region
    FROM unnest(%(branch_ids)s::bigint[], %(branch_codes)s::text[], %(region_codes)s::text[])
        AS given(branch_id, branch, region)
), life AS (
    -- an opening event holds from ever: no period begins without the opening stock (L3)
    SELECT client_id,
           max(CASE WHEN reason = 'OPENING' THEN '-infinity' ELSE on_date END)
               FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED')
                         AND (on_date < %(start)s::date OR reason = 'OPENING')) AS entered_before,
           max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED') AND on_date < %(start)s::date) AS left_before,
           min(on_date) FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED')
                                  AND reason <> 'OPENING' AND on_date >= %(start)s::date) AS entered,
           min(on_date) FILTER (WHERE event = 'EFFECTIVE'
                                  AND reason <> 'OPENING' AND on_date >= %(start)s::date) AS effective,
           max(CASE WHEN reason = 'OPENING' THEN '-infinity' ELSE on_date END)
               FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED')) AS entered_last,
           max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED')) AS left_last,
           bool_or(event = 'EXCLUDED') AS excluded
    FROM segmentation_lifecycleevent
    WHERE on_date <= %(end)s::date
    GROUP BY client_id
), held AS (
    -- of an entry and an exit on one date the exit is the later one
    SELECT client_id, entered, effective, left_last, excluded,
           entered_before IS NOT NULL AND (left_before IS NULL OR left_before < entered_before) AS at_opening,
           entered_last IS NOT NULL AND (left_last IS NULL OR left_last < entered_last) AS at_end
    FROM life
), came_back AS MATERIALIZED (
    -- L10: the same ID was held under another number at a close within the twelve months before the entry
    SELECT DISTINCT entrant.client_id
    FROM held AS entrant
    JOIN trading_recordspan AS own
      ON own.client_id = entrant.client_id AND own.from_date = DATE '1900-01-01'
    JOIN trading_recordspan AS twin
      ON twin.id_index = own.id_index AND twin.from_date = DATE '1900-01-01' AND twin.client_id <> own.client_id
    JOIN segmentation_lifecycleevent AS entry
      ON entry.client_id = twin.client_id AND entry.event IN ('EFFECTIVE', 'REACTIVATED')
     AND entry.on_date < entrant.effective
    WHERE NOT entrant.at_opening AND entrant.at_end AND entrant.effective = entrant.entered
      AND NOT EXISTS (
          SELECT FROM segmentation_lifecycleevent AS exit
          WHERE exit.client_id = entry.client_id AND exit.event IN ('LOST', 'EXCLUDED')
            AND exit.on_date >= entry.on_date
            AND (exit.on_date <= (entrant.effective - INTERVAL '12 months')::date OR exit.on_date = entry.on_date)
      )
), way AS (
    SELECT held.client_id,
           CASE WHEN at_opening AND at_end THEN 'stayed'
                WHEN at_opening AND excluded THEN 'excluded'
                WHEN at_opening THEN 'lost'
                WHEN NOT at_end THEN 'flashed'
                WHEN effective = entered AND came_back.client_id IS NULL THEN 'new'
                ELSE 'returned' END AS kind,
           CASE WHEN NOT at_opening THEN entered
                WHEN at_end OR excluded THEN %(start)s::date - 1
                ELSE least(%(start)s::date - 1, left_last - %(undo_days)s::int - 1) END AS opening_on,
           CASE WHEN at_end THEN %(end)s::date
                WHEN NOT at_opening THEN entered
                WHEN excluded THEN %(start)s::date - 1
                ELSE left_last - %(undo_days)s::int - 1 END AS closing_on
    FROM held
    LEFT JOIN came_back ON came_back.client_id = held.client_id
    WHERE at_opening OR entered IS NOT NULL
    OFFSET 0
), opening_tier AS (
    SELECT client_id, tier FROM segmentation_scoreclose
    WHERE as_of = %(start)s::date - 1 AND tier <> '' AND NOT %(is_rescored)s::boolean
    UNION ALL
    SELECT client_id, tier FROM segmentation_rescoredtier
    WHERE as_of = %(start)s::date - 1 AND tier <> '' AND model_version_id = %(model_version)s::bigint
      AND %(is_rescored)s::boolean
), closing_tier AS (
    SELECT client_id, tier FROM segmentation_scoreclose
    WHERE as_of = %(end)s::date AND tier <> '' AND %(is_close)s::boolean
    UNION ALL
    SELECT client_id, tier FROM segmentation_clientscore
    WHERE as_of = %(end)s::date AND tier <> '' AND NOT %(is_close)s::boolean
), spanned AS MATERIALIZED (
    -- nearly every client is on record with one branch and manager on all dates that count: one join finds those
    SELECT way.client_id, way.kind, opening_on, closing_on, span.branch_id, span.manager_no
    FROM way
    LEFT JOIN trading_recordspan AS span
      ON span.client_id = way.client_id
     AND span.from_date <= least(opening_on, closing_on, %(start)s::date - 1)
     AND greatest(opening_on, closing_on, %(start)s::date - 1) < span.to_date
), placed AS (
    SELECT client_id, kind, branch_id AS opening_id, manager_no AS opening_manager,
           branch_id AS closing_id, manager_no AS closing_manager,
           branch_id AS record_id, manager_no AS record_manager
    FROM spanned
    WHERE branch_id IS NOT NULL
    UNION ALL
    SELECT spanned.client_id, spanned.kind, opened.branch_id, opened.manager_no, closed.branch_id, closed.manager_no,
           CASE WHEN spanned.kind = 'lost' THEN record.branch_id ELSE opened.branch_id END,
           CASE WHEN spanned.kind = 'lost' THEN record.manager_no ELSE opened.manager_no END
    FROM spanned
    JOIN trading_recordspan AS opened
      ON opened.client_id = spanned.client_id AND opened.from_date <= opening_on AND opening_on < opened.to_date
    JOIN trading_recordspan AS closed
      ON closed.client_id = spanned.client_id AND closed.from_date <= closing_on AND closing_on < closed.to_date
    JOIN trading_recordspan AS record
      ON record.client_id = spanned.client_id
     AND record.from_date <= %(start)s::date - 1 AND %(start)s::date - 1 < record.to_date
    WHERE spanned.branch_id IS NULL
), ranked AS (
    SELECT placed.*,
           CASE WHEN kind = 'stayed' THEN coalesce(opening_tier.tier, '') ELSE '' END AS tier_from,
           CASE WHEN kind = 'stayed' THEN coalesce(closing_tier.tier, '') ELSE '' END AS tier_to
    FROM placed
    LEFT JOIN opening_tier ON opening_tier.client_id = placed.client_id
    LEFT JOIN closing_tier ON closing_tier.client_id = placed.client_id
    OFFSET 0
), grouped AS (
    SELECT kind, tier_from, tier_to, opening_id, opening_manager, closing_id, closing_manager,
           record_id, record_manager,
           array_agg(client_id) AS clients, count(*) AS size, sum(hashint8extended(client_id, 0)) AS digest
    FROM ranked
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT %(period)s, kind,
       CASE WHEN kind <> 'stayed' THEN ''
            WHEN tier_from IN ('', 'NEW') THEN 'unranked'
            WHEN tier_from = 'V5' THEN CASE WHEN tier_to IN ('V1', 'V2', 'V3', 'V4') THEN 'top_fell' ELSE 'top' END
            WHEN tier_to IN ('', 'NEW') OR tier_to = tier_from THEN 'same'
            WHEN tier_to > tier_from THEN 'rose' ELSE 'fell' END,
       tier_from, tier_to, opening.branch, opening.region, opening_manager,
       closing.branch, closing.region, closing_manager, record.branch, record.region, record_manager,
       clients, size, digest
FROM grouped
JOIN place AS opening ON opening.branch_id = opening_id
JOIN place AS closing ON closing.branch_id = closing_id
JOIN place AS record ON record.branch_id = record_id
