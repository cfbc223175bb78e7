-- A row: a client whose tier spans are to be made anew; staged. Everyone after several closes, else the clients redone
-- from an earlier month and those whose rows of the close and of the night are not what their spans say.
-- Reads: segmentation_scoreclose, segmentation_clientscore, segmentation_tierspan, trading_dirtyclient by their
-- primary keys' client range.
INSERT INTO segmentation_spanclient (client_id)
SELECT client_id FROM trading_dirtyclient WHERE client_id BETWEEN %(lo)s AND %(hi)s
UNION
SELECT coalesce(kept.client_id, span.client_id)
FROM (
    SELECT client_id, tier, tier_since, tier_reason, model_version_id FROM segmentation_scoreclose
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND as_of = %(close)s AND tier <> ''
) AS kept
FULL JOIN (
    SELECT client_id, tier, from_date, reason, model_version_id FROM segmentation_tierspan
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND from_date <= %(close)s
      AND (to_date IS NULL OR to_date > %(close)s)
) AS span ON span.client_id = kept.client_id
WHERE %(close)s::date IS NOT NULL
  AND ((kept.tier, kept.tier_since) IS DISTINCT FROM (span.tier, span.from_date)
       OR span.from_date = %(close)s
          AND (kept.tier_reason, kept.model_version_id) IS DISTINCT FROM (span.reason, span.model_version_id))
UNION
SELECT coalesce(now.client_id, span.client_id)
FROM (
    SELECT client_id, as_of, tier, tier_since, tier_reason, model_version_id FROM segmentation_clientscore
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND tier <> ''
) AS now
FULL JOIN (
    SELECT client_id, tier, from_date, reason, model_version_id FROM segmentation_tierspan
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND to_date IS NULL
) AS span ON span.client_id = now.client_id
WHERE (now.tier, now.tier_since) IS DISTINCT FROM (span.tier, span.from_date)
   OR span.from_date = now.as_of
      AND (now.tier_reason, now.model_version_id) IS DISTINCT FROM (span.reason, span.model_version_id)
UNION
SELECT client_id FROM segmentation_tierspan WHERE %(everyone)s AND client_id BETWEEN %(lo)s AND %(hi)s
UNION
SELECT client_id FROM segmentation_scoreclose WHERE %(everyone)s AND client_id BETWEEN %(lo)s AND %(hi)s
