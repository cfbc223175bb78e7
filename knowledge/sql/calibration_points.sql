-- A row: an inspector of a calibration, the mean of the points given, and the mean absolute deviation of these
-- from the mean of all inspectors' points of the same contact.
-- Reads: knowledge_inspection by its calibration's index.
SELECT
    person.name,
    count(*) AS contacts,
    round(avg(scored.points), 2) AS points,
    round(avg(abs(scored.points - scored.middle)), 2) AS deviation
FROM (
    SELECT inspector_id, points, avg(points) OVER (PARTITION BY kind, subject) AS middle
    FROM knowledge_inspection
    WHERE calibration_id = %(calibration)s AND state = 'done'
) AS scored
INNER JOIN staff_person AS person ON person.id = scored.inspector_id
GROUP BY person.id, person.name
ORDER BY person.name
