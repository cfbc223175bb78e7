-- A row: one indicator of a card that has no lines yet.
-- Reads: kpis_freshcard (a stage), kpis_scorecard of the period (scorecard_current_once), kpis_scorecardline by card.
INSERT INTO kpis_scorecardline (card_id, indicator, weight, raw, used, floor, target, score)
SELECT card.id, line.indicator, line.weight, line.raw, line.used, line.floor, line.target, line.score
FROM kpis_freshcard AS fresh
JOIN kpis_scorecard AS card
  ON card.period = fresh.period AND card.unit_type = fresh.unit_type AND card.unit_code = fresh.unit_code
 AND card.current AND card.fingerprint = fresh.fingerprint
CROSS JOIN LATERAL jsonb_to_recordset(fresh.lines) AS line(
    indicator text, weight numeric, raw numeric, used numeric, floor numeric, target numeric, score numeric
)
WHERE fresh.period = %(period)s
  AND NOT EXISTS (SELECT FROM kpis_scorecardline AS there WHERE there.card_id = card.id)
