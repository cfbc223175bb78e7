-- One row: which conditions of a segment counted for each client of a block of ids on this night; -1 where there is none.
-- Written anew only where something differs. Reads the stage of the night.
INSERT INTO segmentation_segmentblock (segment_id, block, rule_version, first_on, bits)
SELECT %(segment)s, %(block)s, %(rule_version)s, %(as_of)s, array_agg(coalesce(stage.bits, -1) ORDER BY place.id)
FROM generate_series(%(lo)s::bigint, %(hi)s::bigint) AS place (id)
LEFT JOIN segmentation_segmentstage AS stage ON stage.client_id = place.id
ON CONFLICT (segment_id, block) DO UPDATE
SET rule_version = excluded.rule_version, bits = excluded.bits
WHERE (segmentation_segmentblock.rule_version, segmentation_segmentblock.bits)
    IS DISTINCT FROM (excluded.rule_version, excluded.bits)
