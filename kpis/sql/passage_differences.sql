-- A row: a client that went another way through a period in one build than in another, as one unit type sees it;
-- the columns of a side are null where the client went no way that touches the unit.
-- Reads: kpis_passagegroup of the period (index passage_opening): only groups that stand in one of both builds.
WITH changed AS (
    SELECT clients, kind, movement, tier_from, tier_to, from_build <= %(before_build)s AS is_before,
           CASE %(unit_type)s WHEN 'firm' THEN 'firm' WHEN 'region' THEN opening_region
                              WHEN 'branch' THEN opening_branch ELSE opening_manager END AS opening,
           CASE %(unit_type)s WHEN 'firm' THEN 'firm' WHEN 'region' THEN closing_region
                              WHEN 'branch' THEN closing_branch ELSE closing_manager END AS closing
    FROM kpis_passagegroup
    WHERE period = %(period)s
      AND (from_build <= %(before_build)s AND (to_build IS NULL OR to_build > %(before_build)s))
          <> (from_build <= %(after_build)s AND (to_build IS NULL OR to_build > %(after_build)s))
), way AS (
    SELECT unnest(clients) AS client_id, kind, movement, tier_from, tier_to, is_before, opening, closing
    FROM changed
    WHERE %(unit)s IN (opening, closing)
)
SELECT coalesce(after.client_id, before.client_id) AS client_id,
       before.kind AS kind_before, before.movement AS movement_before, before.tier_from AS from_before,
       before.tier_to AS to_before, before.opening AS opening_before, before.closing AS closing_before,
       after.kind AS kind_after, after.movement AS movement_after, after.tier_from AS from_after,
       after.tier_to AS to_after, after.opening AS opening_after, after.closing AS closing_after
FROM (SELECT * FROM way WHERE is_before) AS before
FULL JOIN (SELECT * FROM way WHERE NOT is_before) AS after ON after.client_id = before.client_id
WHERE (before.kind, before.movement, before.tier_from, before.tier_to, before.opening, before.closing)
      IS DISTINCT FROM
      (after.kind, after.movement, after.tier_from, after.tier_to, after.opening, after.closing)
