-- A row: of the clients opened in a quarter and effective by a quarter's end, how many are held then, by branch and
-- manager of record when they became effective.
-- Reads: segmentation_lifecycleevent whole up to the date (primary key), trading_recordspan's first spans (primary key).
INSERT INTO segmentation_cohortfigure (as_of, branch_id, manager_no, quarter, entered, held)
SELECT %(as_of)s, entry.branch_id, entry.manager_no, date_trunc('quarter', record.opened_on)::date,
       count(*), count(still.client_id)
FROM segmentation_lifecycleevent AS entry
JOIN trading_recordspan AS record
  ON record.client_id = entry.client_id AND record.from_date = DATE '1900-01-01'
LEFT JOIN (
    SELECT client_id FROM segmentation_lifecycleevent
    WHERE on_date <= %(as_of)s
    GROUP BY client_id
    HAVING max(on_date) FILTER (WHERE event IN ('EFFECTIVE', 'REACTIVATED'))
        > coalesce(max(on_date) FILTER (WHERE event IN ('LOST', 'EXCLUDED')), '-infinity')
) AS still ON still.client_id = entry.client_id
WHERE entry.event = 'EFFECTIVE' AND entry.on_date <= %(as_of)s AND record.opened_on >= %(cohorts_from)s::date
GROUP BY 2, 3, 4
