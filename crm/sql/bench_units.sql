-- A row: one branch of the benchmark's firm (codes 5001…), under one of five regions.
-- Reads: staff_unit for the regions.
INSERT INTO staff_unit (code, name, kind, parent_id, opened_on)
SELECT (5000 + number)::text, '营业部' || (5000 + number), 'branch', region.id, DATE '1996-01-01'
FROM generate_series(1, %(branches)s) AS number
JOIN staff_unit AS region ON region.code = 'R' || (1 + number %% 5)
