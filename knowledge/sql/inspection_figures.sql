-- A row: an agent, unit, month or channel with the results that stand (done, of no calibration, not superseded
-- by a done one) of contacts in the days, and the appeals against these or what they superseded.
-- Reads: knowledge_inspection by inspection_time or inspection_unit, the superseding one by its unique key,
-- knowledge_appeal by its unique key.
SELECT
    CASE %(by_kind)s WHEN 'agent' THEN person.username WHEN 'unit' THEN unit.code
        WHEN 'channel' THEN inspection.channel
        ELSE to_char(inspection.happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') END AS key,
    CASE %(by_kind)s WHEN 'agent' THEN person.name WHEN 'unit' THEN unit.name
        WHEN 'channel' THEN inspection.channel
        ELSE to_char(inspection.happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') END AS name,
    count(*) AS inspections,
    round(avg(inspection.points), 2) AS points,
    count(*) FILTER (WHERE inspection.passed) AS passed,
    round(avg(inspection.passed::int), 4) AS pass_share,
    count(*) FILTER (WHERE inspection.fatal) AS fatal,
    sum(appeal.told)::int AS appeals,
    sum(appeal.accepted)::int AS accepted
FROM knowledge_inspection AS inspection
INNER JOIN staff_person AS person ON person.id = inspection.agent_id
INNER JOIN staff_unit AS unit ON unit.id = inspection.unit_id
LEFT JOIN knowledge_inspection AS newer ON newer.supersedes_id = inspection.id AND newer.state = 'done'
CROSS JOIN LATERAL (
    SELECT count(*) AS told, count(*) FILTER (WHERE state = 'accepted') AS accepted
    FROM knowledge_appeal
    WHERE inspection_id IN (inspection.id, inspection.supersedes_id)
) AS appeal
WHERE inspection.state = 'done' AND inspection.calibration_id IS NULL AND newer.id IS NULL
    AND inspection.happened_at >= %(from_date)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND inspection.happened_at < (%(to_date)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND (%(everyone)s OR inspection.unit_id = ANY(%(unit_ids)s::bigint []))
GROUP BY 1, 2
ORDER BY 1
