-- A row: an item of a form (all its versions) with how it was found in the results that stand.
-- Reads: knowledge_inspection by inspection_time or inspection_unit, knowledge_inspectionanswer by
-- inspection_answer_once, knowledge_scoringform by primary key.
SELECT
    form.code AS form_code,
    answer.item,
    count(*) FILTER (WHERE answer.result = 'met') AS met,
    count(*) FILTER (WHERE answer.result = 'partly') AS partly,
    count(*) FILTER (WHERE answer.result = 'missed') AS missed,
    count(*) FILTER (WHERE answer.result = 'na') AS skipped,
    round(
        avg(CASE answer.result WHEN 'met' THEN 1.0 WHEN 'partly' THEN 0.5 WHEN 'missed' THEN 0.0 END), 4
    ) AS met_share
FROM knowledge_inspection AS inspection
INNER JOIN knowledge_inspectionanswer AS answer ON answer.inspection_id = inspection.id
INNER JOIN knowledge_scoringform AS form ON form.id = inspection.form_id
LEFT JOIN knowledge_inspection AS newer ON newer.supersedes_id = inspection.id AND newer.state = 'done'
WHERE inspection.state = 'done' AND inspection.calibration_id IS NULL AND newer.id IS NULL
    AND inspection.happened_at >= %(from_date)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND inspection.happened_at < (%(to_date)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND (%(everyone)s OR inspection.unit_id = ANY(%(unit_ids)s::bigint []))
GROUP BY 1, 2
ORDER BY 1, met_share NULLS LAST, 2
