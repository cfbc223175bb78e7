"""Who recommends us, as of a day (S11): read by the statements of the standing."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION segmentation_advocates(lo bigint, hi bigint, as_of date, referral_months integer, nps integer)
    RETURNS TABLE (client_id bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH rated AS (
        SELECT DISTINCT ON (talk.client_id) talk.client_id, (event.told ->> 'recommend')::integer AS mark
        FROM interactions_conversation AS talk
        JOIN interactions_channelevent AS event ON event.conversation_id = talk.id
        WHERE talk.client_id BETWEEN lo AND hi AND talk.recommend IS NOT NULL AND event.told ? 'recommend'
          AND event.occurred_at < (as_of + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
        ORDER BY talk.client_id, event.occurred_at DESC, event.id DESC
    ), told AS (
        SELECT rated.client_id FROM rated WHERE mark >= nps
        UNION
        SELECT relation.other_id
        FROM clients_relation AS relation
        JOIN segmentation_lifecycleevent AS became
          ON became.client_id = relation.client_id AND became.event = 'EFFECTIVE'
         AND became.on_date <= as_of AND became.on_date > as_of - make_interval(months => referral_months)
        WHERE relation.kind = 'referred_by' AND relation.other_id BETWEEN lo AND hi
          AND relation.from_date <= as_of AND (relation.to_date IS NULL OR relation.to_date > as_of)
    )
    SELECT told.client_id FROM told
    WHERE NOT EXISTS (
        SELECT 1
        FROM cases_case AS opened
        JOIN cases_complaint AS complaint ON complaint.case_id = opened.id
        LEFT JOIN LATERAL (
            SELECT CASE happened.kind WHEN 'merged' THEN 'closed' ELSE happened.detail ->> 'new' END AS state
            FROM cases_caseevent AS happened
            WHERE happened.case_id = opened.id AND happened.kind IN ('state_changed', 'merged')
              AND happened.at < (as_of + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
            ORDER BY happened.at DESC, happened.id DESC LIMIT 1
        ) AS last ON true
        WHERE opened.client_id = told.client_id AND complaint.received_on <= as_of
          AND coalesce(last.state, 'new') NOT IN ('resolved', 'closed')
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("segmentation", "0009_covered_indexes"),
        ("cases", "0002_first_types"),
        ("clients", "0018_emails_found_by_index"),
        ("interactions", "0022_follow_ups_by_day"),
    ]
    operations = [
        migrations.RunSQL(
            FUNCTION, "DROP FUNCTION segmentation_advocates(bigint, bigint, date, integer, integer)"
        )
    ]
