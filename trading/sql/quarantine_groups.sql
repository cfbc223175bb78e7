-- One row: a package and file with rows whose parent is known by now, in the order in which they are taken in.
-- Reads the waiting rows' parents (partial index on parent), probes the parents' unique keys once each.
WITH awaited AS (
    SELECT q.parent
    FROM trading_quarantinedrow q
    WHERE q.state = 'waiting'
    GROUP BY q.parent
),
ready AS (
    SELECT a.parent
    FROM awaited a
    WHERE CASE split_part(a.parent, ':', 1)
          WHEN 'branch' THEN EXISTS (SELECT 1 FROM staff_unit WHERE code = substr(a.parent, 8))
          WHEN 'client' THEN EXISTS (SELECT 1 FROM clients_client WHERE client_no = substr(a.parent, 8))
          WHEN 'account' THEN EXISTS (SELECT 1 FROM clients_account WHERE account_no = substr(a.parent, 9))
          WHEN 'product' THEN EXISTS (SELECT 1 FROM trading_product WHERE code = substr(a.parent, 9))
          END
)
SELECT q.package_id, q.file, count(*) AS rows
FROM ready r
JOIN trading_quarantinedrow q ON q.parent = r.parent AND q.state = 'waiting'
JOIN trading_feedpackage p ON p.id = q.package_id
GROUP BY q.package_id, q.file, p.trade_date, p.version
ORDER BY p.trade_date, p.version
