-- Lines of staged clients whose branch no feed has told of.
SELECT s.line
FROM trading_stage_client s
LEFT JOIN staff_unit u ON u.code = s.branch_code
WHERE u.id IS NULL
ORDER BY s.line
