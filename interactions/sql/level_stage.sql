-- A row: half hour of queueing x channel x unit x agent x tier band, with counts and sums of seconds of the
-- incoming conversations that entered the queue in the window (docs/service-levels.md has the formulas).
-- Reads: interactions_conversation by conversation_queued and by its client's index, interactions_assignment by
-- its conversation's index, interactions_interaction by primary key, interactions_servicethreshold
-- by service_threshold_once.
INSERT INTO interactions_servicelevel_stage (
    half_hour, channel, unit_id, agent_id, tier_band, offered, answered, answered_in_20, answered_in_target,
    abandoned, abandoned_in_5, abandoned_in_20, abandoned_in_target, transferred, answer_seconds,
    abandon_seconds, handled, handle_seconds, hold_seconds, wrap_seconds, rated, satisfied, rating_sum,
    recommend_given, promoters, detractors, fcr_known, fcr_resolved, fcr_open)
SELECT
    half_hour, channel, unit_id, agent_id, tier_band,
    count(*), count(*) FILTER (WHERE answered),
    count(*) FILTER (WHERE answered AND wait <= 20),
    count(*) FILTER (WHERE answered AND counted <= allowed),
    count(*) FILTER (WHERE abandoned),
    count(*) FILTER (WHERE abandoned AND wait < 5),
    count(*) FILTER (WHERE abandoned AND wait <= 20),
    count(*) FILTER (WHERE abandoned AND counted <= allowed),
    count(*) FILTER (WHERE transferred),
    coalesce(sum(wait) FILTER (WHERE answered), 0),
    coalesce(sum(wait) FILTER (WHERE abandoned), 0),
    count(*) FILTER (WHERE handled),
    coalesce(sum(talk + wrap) FILTER (WHERE handled), 0),
    coalesce(sum(hold_seconds) FILTER (WHERE handled), 0),
    coalesce(sum(wrap) FILTER (WHERE handled), 0),
    count(rating), count(*) FILTER (WHERE rating >= 4), coalesce(sum(rating), 0),
    count(recommend), count(*) FILTER (WHERE recommend >= 9), count(*) FILTER (WHERE recommend <= 6),
    count(*) FILTER (WHERE asks AND known),
    count(*) FILTER (WHERE asks AND known AND NOT came_again),
    count(*) FILTER (WHERE asks AND NOT known)
FROM (
    SELECT one.*,
           coalesce(threshold.seconds, 20) AS allowed,
           interactions_counted_seconds(one.queued_at, one.decided_at, coalesce(threshold.hours, 'always')) AS counted,
           EXISTS (
               SELECT FROM interactions_conversation AS again
               WHERE one.asks AND one.known
                 AND again.client_id = one.client_id
                 AND (again.opened_at, again.id) > (one.opened_at, one.id)
                 AND again.opened_at <= one.ended_at + interval '7 days'
                 AND interactions_topic(again.category_id, again.entry_id) = one.topic
           ) AS came_again
    FROM (
        SELECT talked.*,
               date_bin('30 minutes', queued_at, timestamptz '2000-01-01 00:00+08') AS half_hour,
               answered_at IS NOT NULL AS answered,
               answered_at IS NULL AND ended_at IS NOT NULL AS abandoned,
               answered_at IS NOT NULL AND ended_at IS NOT NULL AS handled,
               coalesce(answered_at, ended_at) AS decided_at,
               greatest(extract(epoch FROM coalesce(answered_at, ended_at) - queued_at), 0) AS wait,
               greatest(extract(epoch FROM ended_at - answered_at), 0) AS talk,
               greatest(extract(epoch FROM coalesce(wrapped_at, ended_at) - ended_at), 0) AS wrap,
               answered_at IS NOT NULL AND ended_at IS NOT NULL AND client_id IS NOT NULL
                   AND topic IS NOT NULL AS asks,
               ended_at < %(known_until)s::timestamptz AS known,
               coalesce(satisfaction, entry_satisfaction) AS rating
        FROM (
            SELECT conversation.id, conversation.client_id, conversation.channel, conversation.unit_id,
                   conversation.opened_at, conversation.queued_at, conversation.answered_at,
                   conversation.ended_at, conversation.wrapped_at, conversation.hold_seconds,
                   conversation.satisfaction, conversation.recommend,
                   CASE WHEN conversation.tier IN ('V5', 'V4') THEN 'V5-V4'
                        WHEN conversation.tier = 'V3' THEN 'V3'
                        WHEN conversation.tier IN ('V2', 'V1') THEN 'V2-V1'
                        ELSE 'other' END AS tier_band,
                   coalesce(conversation.answered_by_id, last.person_id) AS agent_id,
                   EXISTS (SELECT FROM interactions_assignment AS moved
                           WHERE moved.conversation_id = conversation.id AND moved.how = 'transferred') AS transferred,
                   interactions_topic(conversation.category_id, conversation.entry_id) AS topic,
                   entry.satisfaction AS entry_satisfaction
            FROM interactions_conversation AS conversation
            LEFT JOIN LATERAL (
                SELECT person_id FROM interactions_assignment
                WHERE conversation_id = conversation.id ORDER BY from_at DESC, id DESC LIMIT 1
            ) AS last ON true
            LEFT JOIN interactions_interaction AS entry
              ON entry.id = interactions_entry_in_force(conversation.entry_id)
            WHERE conversation.direction = 'in' AND conversation.queued_at IS NOT NULL
              AND conversation.queued_at >= %(start)s AND conversation.queued_at < %(end)s
        ) AS talked
    ) AS one
    LEFT JOIN LATERAL (
        SELECT held.seconds, held.hours
        FROM interactions_servicethreshold AS held
        WHERE held.channel = one.channel AND held.tier_band = one.tier_band
          AND held.from_date <= (one.queued_at AT TIME ZONE 'Asia/Shanghai')::date
        ORDER BY held.from_date DESC
        LIMIT 1
    ) AS threshold ON true
) AS every
GROUP BY half_hour, channel, unit_id, agent_id, tier_band
