-- A row: the tier of a client on a night between closes: that of the close before, or higher (S1, S3, S8), and the
-- flags (S10); only the tier's columns are written, and only where they differ. A rise counts from this night until
-- a close decides: nights before it leave no trace, so that a night comes out the same whichever others were run.
-- Ranks count from 1, the lowest tier. An override that lasts on the night wins, as in close_tier.
-- Reads: segmentation_clientscore, segmentation_scoreclose at the close before, each by its primary key;
-- segmentation_tieroverride by tier_override_one_in_force (client and days).
UPDATE segmentation_clientscore AS target
SET tier = fresh.tier, tier_since = fresh.tier_since, tier_reason = fresh.tier_reason, flags = fresh.flags
FROM (
    SELECT ruled.client_id, ruled.tier, ruled.tier_reason,
           CASE WHEN ruled.tier = '' THEN NULL WHEN ruled.tier = ruled.before THEN ruled.before_since
                WHEN ruled.override_from > %(previous_close)s::date THEN ruled.override_from
                ELSE %(as_of)s::date END AS tier_since,
           array_remove(ARRAY[
               CASE WHEN ruled.tier = ANY (%(at_risk_tiers)s) AND (ruled.assets_fell OR ruled.contribution_fell)
                    THEN 'at_risk' END,
               CASE WHEN ruled.active_months_12m = 0 AND ruled.assets_end >= %(dormant_assets)s
                    THEN 'dormant_asset' END], NULL)::varchar[] AS flags
    FROM (
        SELECT placed.*,
               CASE tier_reason WHEN 'override' THEN override_tier WHEN 'new' THEN 'NEW'
                    WHEN 'first' THEN (%(codes)s::text[])[plain_rank]
                    WHEN 'up' THEN (%(codes)s::text[])[up_rank] ELSE before END AS tier
        FROM (
            SELECT compared.*,
                   CASE WHEN override_tier IS NOT NULL THEN 'override' WHEN NOT mature THEN 'new'
                        WHEN score IS NULL THEN 'stay' WHEN before_rank IS NULL THEN 'first'
                        WHEN up_rank > before_rank THEN 'up' ELSE 'stay' END AS tier_reason
            FROM (
                SELECT now.client_id, override.tier AS override_tier, override.from_on AS override_from,
                       now.mature, now.score, now.assets_fell, now.active_months_12m, now.assets_end,
                       now.contribution_12m > 0
                           AND now.contribution_3m_x4 < %(contribution_share)s * now.contribution_12m
                           AS contribution_fell,
                       coalesce(before.tier, '') AS before, before.tier_since AS before_since,
                       array_position(%(codes)s::text[], before.tier::text) AS before_rank,
                       width_bucket(now.score, %(cuts)s::numeric[]) + 1 AS plain_rank,
                       width_bucket(now.score - %(up_margin)s, %(cuts)s::numeric[]) + 1 AS up_rank
                FROM segmentation_clientscore AS now
                LEFT JOIN segmentation_scoreclose AS before
                  ON before.client_id = now.client_id AND before.as_of = %(previous_close)s
                 AND before.client_id BETWEEN %(lo)s AND %(hi)s
                LEFT JOIN segmentation_tieroverride AS override
                  ON override.client_id = now.client_id AND override.in_force @> %(as_of)s::date
                 AND override.client_id BETWEEN %(lo)s AND %(hi)s
                WHERE now.client_id BETWEEN %(lo)s AND %(hi)s
                OFFSET 0
            ) AS compared
            OFFSET 0
        ) AS placed
        OFFSET 0
    ) AS ruled
    OFFSET 0
) AS fresh
WHERE target.client_id = fresh.client_id AND target.client_id BETWEEN %(lo)s AND %(hi)s
  AND (target.tier, target.tier_since, target.tier_reason, target.flags)
      IS DISTINCT FROM (fresh.tier, fresh.tier_since, fresh.tier_reason, fresh.flags)
