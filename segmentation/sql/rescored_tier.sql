-- A row: the tier a close gives when it is scored by a version published later: the step of that close taken again,
-- with everything before it as it was (kpis.md, stayers). An override that lasts on the day wins under any version.
-- Written only where it differs.
-- Reads: segmentation_scorestage, segmentation_scoreclose (primary key), segmentation_tieroverride by
-- tier_override_one_in_force (client and days); conflicts by the row's primary key.
INSERT INTO segmentation_rescoredtier AS old (client_id, as_of, model_version_id, score, tier)
SELECT client_id, %(as_of)s, %(model_version)s, score,
       CASE WHEN override_tier IS NOT NULL THEN override_tier WHEN NOT mature THEN 'NEW' WHEN score IS NULL THEN before
            WHEN before_rank IS NULL THEN (%(codes)s::text[])[plain_rank]
            WHEN up_rank > before_rank THEN (%(codes)s::text[])[up_rank]
            WHEN score < floor AND before_score < floor AND (
                SELECT count(*) FROM segmentation_scoreclose AS past
                WHERE past.client_id = compared.client_id AND past.score < floor AND past.as_of < %(as_of)s
                  AND past.as_of >= (%(earlier_closes)s::date[])[needed]) = needed
                THEN (%(codes)s::text[])[before_rank - 1]
            ELSE before END
FROM (
    SELECT now.client_id, override.tier AS override_tier, now.mature, now.score,
           coalesce(before.tier, '') AS before, before.score AS before_score,
           array_position(%(codes)s::text[], before.tier::text) AS before_rank,
           width_bucket(now.score, %(cuts)s::numeric[]) + 1 AS plain_rank,
           width_bucket(now.score - %(up_margin)s, %(cuts)s::numeric[]) + 1 AS up_rank,
           (%(cuts)s::numeric[])[array_position(%(codes)s::text[], before.tier::text) - 1]
               - %(down_margin)s AS floor,
           (%(closes_before_down)s::int[])[array_position(%(codes)s::text[], before.tier::text)] AS needed
    FROM segmentation_scorestage AS now
    LEFT JOIN segmentation_scoreclose AS before
      ON before.client_id = now.client_id AND before.as_of = %(previous_close)s
     AND before.client_id BETWEEN %(lo)s AND %(hi)s
    LEFT JOIN segmentation_tieroverride AS override
      ON override.client_id = now.client_id AND override.in_force @> %(as_of)s::date
     AND override.client_id BETWEEN %(lo)s AND %(hi)s
) AS compared
ON CONFLICT (client_id, as_of, model_version_id) DO UPDATE SET score = excluded.score, tier = excluded.tier
WHERE (old.score, old.tier) IS DISTINCT FROM (excluded.score, excluded.tier)
