-- A row: an item of a calibration's form, the pairs of inspectors that scored it on the same contact, and how
-- many of these said the same.
-- Reads: knowledge_inspection by its calibration's index, knowledge_inspectionanswer by inspection_answer_once.
SELECT
    one.item,
    count(*) AS pairs,
    count(*) FILTER (WHERE one.result = other.result) AS agreed,
    round(count(*) FILTER (WHERE one.result = other.result)::numeric / count(*), 4) AS agreement
FROM knowledge_inspection AS left_one
INNER JOIN knowledge_inspection AS right_one
    ON right_one.calibration_id = left_one.calibration_id AND right_one.kind = left_one.kind
    AND right_one.subject = left_one.subject AND right_one.inspector_id > left_one.inspector_id
INNER JOIN knowledge_inspectionanswer AS one ON one.inspection_id = left_one.id
INNER JOIN knowledge_inspectionanswer AS other ON other.inspection_id = right_one.id AND other.item = one.item
WHERE left_one.calibration_id = %(calibration)s
GROUP BY one.item
ORDER BY one.item
