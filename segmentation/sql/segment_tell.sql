-- One row: an event for other systems: a client came into a segment or left it for a reason of its own. Nobody is told of
-- the first night or of a changed rule. Reads the night's moves, client and branch by their primary keys.
INSERT INTO core_outboxmessage (event, unit_code, subject_type, subject_id, at)
SELECT CASE WHEN moved.move IN ('enter', 'back') THEN 'segment.entered' ELSE 'segment.left' END,
    unit.code, 'segment member', %(segment)s::text || '/' || client.client_no, now()
FROM segmentation_segmentmove AS moved
JOIN clients_client AS client ON client.id = moved.client_id
JOIN staff_unit AS unit ON unit.id = client.branch_id
WHERE moved.cause NOT IN (1, 2)
ORDER BY client.client_no
