-- One row: a notice for one of these people, as that person wants to be told of its kind; nobody who may no
-- longer sign in is told, and nobody a second time of the same key. Returns who was told.
-- Reads staff_person by its key and staff_noticesetting by the unique (person_id, kind);
-- the unique (person_id, key) where key <> '' keeps a notice from being told twice.
INSERT INTO staff_notice (person_id, kind, text, params, url, key, at, shown, mail)
SELECT person.id, %(kind)s, %(text)s, %(params)s::jsonb, %(url)s, %(key)s, now(),
       coalesce(setting.shown, true), coalesce(setting.mail, %(default_mail_text)s)
FROM staff_person AS person
LEFT JOIN staff_noticesetting AS setting ON setting.person_id = person.id AND setting.kind = %(kind)s
WHERE person.id = ANY(%(person_ids)s::bigint[]) AND person.is_active
ORDER BY person.id
ON CONFLICT (person_id, key) WHERE key <> '' DO NOTHING
RETURNING person_id, shown, mail
