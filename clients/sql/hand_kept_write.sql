-- One client: what people keep by hand of it, all four fields, and its next version.
-- Reads clients_client by primary key; the caller holds the rows.
UPDATE clients_client AS c
SET short_name = kept.short_name,
    occupation = kept.occupation,
    remark = kept.remark,
    declared_outside_assets = kept.amount,
    version = c.version + 1,
    updated_at = now()
FROM unnest(
    %(ids)s::bigint[], %(short_names)s::text[], %(occupation_texts)s::text[], %(remark_texts)s::text[],
    %(amounts)s::numeric[]
) AS kept (id, short_name, occupation, remark, amount)
WHERE c.id = kept.id
