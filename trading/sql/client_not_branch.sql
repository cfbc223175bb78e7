-- Lines of staged clients whose branch_code names a unit of another kind (F20).
SELECT s.line
FROM trading_stage_client s
JOIN staff_unit u ON u.code = s.branch_code
WHERE u.kind <> 'branch'
ORDER BY s.line
LIMIT %(most)s
