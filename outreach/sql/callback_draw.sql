-- One row: a client drawn for the year's callbacks; of every branch the lowest sha256 of seed and number.
-- Reads clients_client whole, once a year; candidates are open, not dormant, and older than the year.
INSERT INTO outreach_callback (
    key, client_id, kind, programme_id, draw_id, branch_id, occasion_on, due_on, next_at, state, tries,
    caller_no, manager_no, told_by_feed)
SELECT gen_random_uuid(), id, 'yearly', %(programme)s, %(draw)s, branch_id, %(first)s, %(last)s, %(now)s,
       'open', 0, '', '', false
FROM (
    SELECT id, branch_id,
           row_number() OVER (
               PARTITION BY branch_id
               ORDER BY sha256(convert_to(%(seed)s || ':' || client_no, 'UTF8')), id) AS place,
           count(*) OVER (PARTITION BY branch_id) AS candidates
    FROM clients_client
    WHERE merged_into_id IS NULL AND status NOT IN ('closed', 'deceased', 'prospect', 'dormant')
      AND opened_on < %(first)s
) AS candidate
WHERE place <= ceil(candidates * %(share)s::numeric)
ON CONFLICT (client_id, kind, occasion_on) DO NOTHING
