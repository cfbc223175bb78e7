-- What came of a bulk run: one row of sums over its chunks (unique index bulk_chunk_once).
SELECT
    coalesce(sum(cardinality(ids) - failed) FILTER (WHERE done), 0) AS done,
    coalesce(sum(failed), 0) AS failed,
    coalesce(sum(cardinality(ids)) FILTER (WHERE NOT done), 0) AS waiting,
    coalesce(sum(cardinality(ids) - failed - stayed) FILTER (WHERE undone), 0) AS undone,
    coalesce(sum(stayed), 0) AS stayed
FROM core_bulkchunk
CROSS JOIN LATERAL (
    SELECT
        (SELECT count(*) FROM jsonb_object_keys(failures)) AS failed,
        (SELECT count(*) FROM jsonb_object_keys(undo_failures)) AS stayed
) AS counted
WHERE run_id = %(run)s
