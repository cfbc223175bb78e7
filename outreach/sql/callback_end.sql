-- One row: an open callback that nobody has to make any more: the feed tells that it passed, or the client is gone.
-- Reads open callbacks by callback_open and their clients by primary key. A client merged away is called as the other.
UPDATE outreach_callback AS callback
SET state = CASE WHEN told.passed THEN 'passed' ELSE 'dropped' END,
    passed_on = CASE WHEN told.passed THEN told.callback_passed_on END,
    told_by_feed = told.passed, ended_at = %(now)s, caller_id = NULL, caller_no = '', taken_at = NULL
FROM (
    SELECT waiting.id, client.callback_passed_on,
           waiting.kind = 'new_account' AND client.callback_passed_on IS NOT NULL AS passed,
           client.merged_into_id IS NOT NULL OR client.status IN ('closed', 'deceased') AS gone
    FROM outreach_callback AS waiting
    JOIN clients_client AS client ON client.id = waiting.client_id
    WHERE waiting.state = 'open'
) AS told
WHERE callback.id = told.id AND callback.state = 'open' AND (told.passed OR told.gone)
