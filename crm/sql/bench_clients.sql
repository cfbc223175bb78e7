-- A row: one client of the benchmark, its name put together from the given syllables; blind indexes are
-- hashes of the number, spread like real ones; one of 500 bears the ID of the client before, one of 100 the mobile.
-- Reads: staff_unit for the branches.
INSERT INTO clients_client (
    client_no, kind, name, pinyin, initials, short_name, id_type, id_index, birth_date, sex, mobile_index,
    mobile_tail_index, branch_id, manager_no, status, opened_on, callback_passed_on, risk_level, risk_assessed_on, investor_class, told_on,
    told_version, version, created_at, updated_at
)
SELECT 'B' || lpad(number::text, 8, '0'),
       CASE number %% 200 WHEN 0 THEN 'institution' WHEN 1 THEN 'product' ELSE 'individual' END,
       CASE number %% 200 WHEN 0 THEN '上海' ELSE '' END
           || (%(surnames)s::text[])[a] || (%(given)s::text[])[b] || (%(given)s::text[])[c]
           || CASE number %% 200 WHEN 0 THEN '实业有限公司' ELSE '' END,
       CASE number %% 200 WHEN 0 THEN 'shanghai' ELSE '' END || (%(surnames_pinyin)s::text[])[a]
           || (%(given_pinyin)s::text[])[b] || (%(given_pinyin)s::text[])[c],
       left((%(surnames_pinyin)s::text[])[a], 1) || left((%(given_pinyin)s::text[])[b], 1)
           || left((%(given_pinyin)s::text[])[c], 1),
       CASE number %% 200 WHEN 0 THEN '沪' || (%(given)s::text[])[b] || '实业' ELSE '' END,
       'resident_id', substr(sha256(('id' || number - (number %% 500 = 7)::int)::bytea), 1, 16),
       DATE '1950-01-01' + hashint4(number + 300000000) %% 9000 + 9000, '',
       substr(sha256(('mobile' || number - (number %% 100 = 9)::int)::bytea), 1, 16),
       substr(sha256((number %% 10000)::text::bytea), 1, 16),
       branch.id, 'M' || branch.code || chr(65 + number %% 5), 'normal',
       DATE '2005-01-01' + number %% 5000, DATE '2005-01-05' + number %% 5000,
       'C' || (1 + number %% 5), DATE '2026-01-01', 'ordinary', %(first_day)s, 1, 1, now(), now()
FROM (
    SELECT number,
           1 + (hashint4(number) & 2147483647) %% cardinality(%(surnames)s::text[]) AS a,
           1 + (hashint4(number + 100000000) & 2147483647) %% cardinality(%(given)s::text[]) AS b,
           1 + (hashint4(number + 200000000) & 2147483647) %% cardinality(%(given)s::text[]) AS c,
           (5001 + number %% %(branches)s)::text AS branch_code
    FROM generate_series(1, %(clients)s) AS number
) AS made
JOIN staff_unit AS branch ON branch.code = made.branch_code
