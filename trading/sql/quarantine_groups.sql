-- One row: a package and file with rows whose parent is known by now, in the order in which they are taken in.
-- Reads the waiting rows (partial index) and probes the parents' unique keys.
SELECT q.package_id, q.file, count(*) AS rows
FROM trading_quarantinedrow q
JOIN trading_feedpackage p ON p.id = q.package_id
WHERE q.state = 'waiting'
  AND CASE split_part(q.parent, ':', 1)
      WHEN 'branch' THEN EXISTS (SELECT 1 FROM staff_unit WHERE code = substr(q.parent, 8))
      WHEN 'client' THEN EXISTS (SELECT 1 FROM clients_client WHERE client_no = substr(q.parent, 8))
      WHEN 'account' THEN EXISTS (SELECT 1 FROM clients_account WHERE account_no = substr(q.parent, 9))
      WHEN 'product' THEN EXISTS (SELECT 1 FROM trading_product WHERE code = substr(q.parent, 9))
      END
GROUP BY q.package_id, q.file, p.trade_date, p.version
ORDER BY p.trade_date, p.version
