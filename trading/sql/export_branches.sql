-- One row: a unit as told on the day; with is_first as it stood by then, units made by hand included.
SELECT DISTINCT ON (u.code) u.code, coalesce(r.name, u.name) AS name, p.code AS parent_code,
       coalesce(r.kind, u.kind) AS kind, coalesce(r.opened_on, u.opened_on) AS opened_on, r.closed_on,
       s.code AS successor_code
FROM staff_unit u
LEFT JOIN staff_unitrecord r ON r.unit_id = u.id
LEFT JOIN staff_unit p ON p.id = CASE WHEN r.id IS NULL THEN u.parent_id ELSE r.parent_id END
LEFT JOIN staff_unit s ON s.id = r.successor_id
WHERE u.kind <> 'team'
  AND (r.told_on <= %(day)s AND (%(is_first)s::boolean OR r.told_on = %(day)s) OR r.id IS NULL AND %(is_first)s::boolean)
ORDER BY u.code, r.told_on DESC
