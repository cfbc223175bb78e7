-- Waiting rows of one package and file whose parent is known by now, a batch after another by id.
SELECT q.id, q.line, q.raw
FROM trading_quarantinedrow q
WHERE q.state = 'waiting' AND q.package_id = %(package)s AND q.file = %(file)s AND q.id > %(after)s
  AND CASE split_part(q.parent, ':', 1)
      WHEN 'branch' THEN EXISTS (SELECT 1 FROM staff_unit WHERE code = substr(q.parent, 8))
      WHEN 'client' THEN EXISTS (SELECT 1 FROM clients_client WHERE client_no = substr(q.parent, 8))
      WHEN 'account' THEN EXISTS (SELECT 1 FROM clients_account WHERE account_no = substr(q.parent, 9))
      WHEN 'product' THEN EXISTS (SELECT 1 FROM trading_product WHERE code = substr(q.parent, 9))
      END
ORDER BY q.id
LIMIT %(most)s
