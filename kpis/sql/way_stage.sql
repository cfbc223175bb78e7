-- A row: the way a client of a range went through a period (kpis.rules.passages), staged: its kind of passage, its tiers
-- at both ends, and the units that count.
-- Each client's events give its kind of passage and the two dates on which its units count; a loss counts at the unit
-- on record undo_days + 1 days before it, and so does the opening when it lies later (K3). Who entered is new here;
-- way_returned looks whether the same ID was held before.
-- Reads, by client range: segmentation_lifecycleevent up to the end and trading_recordspan at both dates (primary
-- keys), segmentation_scoreclose of both closes (primary key), or segmentation_clientscore for a running period (K10),
-- or segmentation_rescoredtier where the model version changed in between.
INSERT INTO kpis_freshway (
    client_id, entered_on, kind, tier_from, tier_to, opening_id, opening_manager, closing_id, closing_manager,
    record_id, record_manager
)
WITH event AS (
    -- an opening event holds from ever: no period begins without the opening stock (L3)
    SELECT client_id, event = 'EFFECTIVE' AS is_first, event = 'EXCLUDED' AS is_exclusion,
           event IN ('EFFECTIVE', 'REACTIVATED') AS is_entry, on_date < %(start)s::date AS is_before,
           CASE WHEN reason = 'OPENING' THEN '-infinity' ELSE on_date END AS on_date
    FROM segmentation_lifecycleevent
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND on_date <= %(end)s::date
    OFFSET 0
), life AS (
    SELECT client_id,
           max(on_date) FILTER (WHERE is_entry AND (is_before OR on_date = '-infinity')) AS entered_before,
           max(on_date) FILTER (WHERE NOT is_entry AND is_before) AS left_before,
           min(on_date) FILTER (WHERE is_entry AND NOT is_before AND on_date <> '-infinity') AS entered,
           min(on_date) FILTER (WHERE is_first AND NOT is_before AND on_date <> '-infinity') AS effective,
           max(on_date) FILTER (WHERE is_entry) AS entered_last,
           max(on_date) FILTER (WHERE NOT is_entry) AS left_last,
           bool_or(is_exclusion) AS excluded
    FROM event
    GROUP BY client_id
), held AS (
    -- of an entry and an exit on one date the exit is the later one
    SELECT client_id, entered, effective, left_last, excluded,
           entered_before IS NOT NULL AND (left_before IS NULL OR left_before < entered_before) AS at_opening,
           entered_last IS NOT NULL AND (left_last IS NULL OR left_last < entered_last) AS at_end
    FROM life
), way AS (
    SELECT held.client_id, entered,
           CASE WHEN at_opening AND at_end THEN 'stayed'
                WHEN at_opening AND excluded THEN 'excluded'
                WHEN at_opening THEN 'lost'
                WHEN NOT at_end THEN 'flashed'
                WHEN effective = entered THEN 'new'
                ELSE 'returned' END AS kind,
           CASE WHEN NOT at_opening THEN entered
                WHEN at_end OR excluded THEN %(start)s::date - 1
                ELSE least(%(start)s::date - 1, left_last - %(undo_days)s::int - 1) END AS opening_on,
           CASE WHEN at_end THEN %(end)s::date
                WHEN NOT at_opening THEN entered
                WHEN excluded THEN %(start)s::date - 1
                ELSE left_last - %(undo_days)s::int - 1 END AS closing_on
    FROM held
    WHERE at_opening OR entered IS NOT NULL
    OFFSET 0
), opening_tier AS (
    SELECT client_id, tier FROM segmentation_scoreclose
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(start)s::date - 1 AND tier <> ''
      AND NOT %(is_rescored)s::boolean
    UNION ALL
    SELECT client_id, tier FROM segmentation_rescoredtier
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(start)s::date - 1 AND tier <> ''
      AND model_version_id = %(model_version)s::bigint AND %(is_rescored)s::boolean
), closing_tier AS (
    SELECT client_id, tier FROM segmentation_scoreclose
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(end)s::date AND tier <> ''
      AND %(is_close)s::boolean
    UNION ALL
    SELECT client_id, tier FROM segmentation_clientscore
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(end)s::date AND tier <> ''
      AND NOT %(is_close)s::boolean
), spanned AS MATERIALIZED (
    -- nearly every client is on record with one branch and manager on all dates that count: one join finds those
    SELECT way.client_id, way.entered, way.kind, opening_on, closing_on, span.branch_id, span.manager_no
    FROM way
    LEFT JOIN trading_recordspan AS span
      ON span.client_id = way.client_id AND span.client_id BETWEEN %(lo)s AND %(hi)s
     AND span.from_date <= least(opening_on, closing_on, %(start)s::date - 1)
     AND greatest(opening_on, closing_on, %(start)s::date - 1) < span.to_date
), placed AS (
    SELECT client_id, entered, kind, branch_id AS opening_id, manager_no AS opening_manager,
           branch_id AS closing_id, manager_no AS closing_manager,
           branch_id AS record_id, manager_no AS record_manager
    FROM spanned
    WHERE branch_id IS NOT NULL
    UNION ALL
    SELECT spanned.client_id, spanned.entered, spanned.kind,
           opened.branch_id, opened.manager_no, closed.branch_id, closed.manager_no,
           CASE WHEN spanned.kind = 'lost' THEN record.branch_id ELSE opened.branch_id END,
           CASE WHEN spanned.kind = 'lost' THEN record.manager_no ELSE opened.manager_no END
    FROM spanned
    JOIN trading_recordspan AS opened
      ON opened.client_id = spanned.client_id AND opened.client_id BETWEEN %(lo)s AND %(hi)s
     AND opened.from_date <= opening_on AND opening_on < opened.to_date
    JOIN trading_recordspan AS closed
      ON closed.client_id = spanned.client_id AND closed.client_id BETWEEN %(lo)s AND %(hi)s
     AND closed.from_date <= closing_on AND closing_on < closed.to_date
    JOIN trading_recordspan AS record
      ON record.client_id = spanned.client_id AND record.client_id BETWEEN %(lo)s AND %(hi)s
     AND record.from_date <= %(start)s::date - 1 AND %(start)s::date - 1 < record.to_date
    WHERE spanned.branch_id IS NULL
)
SELECT placed.client_id, entered, kind,
       CASE WHEN kind = 'stayed' THEN coalesce(opening_tier.tier, '') ELSE '' END,
       CASE WHEN kind = 'stayed' THEN coalesce(closing_tier.tier, '') ELSE '' END,
       opening_id, opening_manager, closing_id, closing_manager, record_id, record_manager
FROM placed
LEFT JOIN opening_tier ON opening_tier.client_id = placed.client_id
LEFT JOIN closing_tier ON closing_tier.client_id = placed.client_id
