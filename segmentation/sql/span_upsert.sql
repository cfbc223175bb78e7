-- A row: a tier span, as in span_stage; written only where it differs, oldest first so that spans never overlap.
-- Reads: segmentation_spanstage; conflicts found by segmentation_tierspan's primary key.
INSERT INTO segmentation_tierspan AS old (client_id, from_date, to_date, tier, reason, model_version_id)
SELECT client_id, from_date, to_date, tier, reason, model_version_id
FROM segmentation_spanstage
ORDER BY client_id, from_date
ON CONFLICT (client_id, from_date) DO UPDATE
SET to_date = excluded.to_date, tier = excluded.tier, reason = excluded.reason,
    model_version_id = excluded.model_version_id
WHERE (old.to_date, old.tier, old.reason, old.model_version_id)
    IS DISTINCT FROM (excluded.to_date, excluded.tier, excluded.reason, excluded.model_version_id)
