-- A row: how many clients went one way between two units of a type, and the digest of who they are.
-- Reads: kpis_freshpassage of the period (a stage).
SELECT unit_type, opening, closing, kind, movement, sum(size)::bigint AS size, sum(digest) AS digest
FROM kpis_freshpassage AS fresh
CROSS JOIN LATERAL (
    VALUES ('firm', 'firm', 'firm'), ('region', opening_region, closing_region),
           ('branch', opening_branch, closing_branch), ('manager', opening_manager, closing_manager)
) AS place(unit_type, opening, closing)
WHERE fresh.period = %(period)s
GROUP BY unit_type, opening, closing, kind, movement
