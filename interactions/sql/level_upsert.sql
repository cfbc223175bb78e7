-- A row: as in level_stage; written only where it differs from what stands.
-- Reads: the stage; conflicts found by the unique index service_level_once.
INSERT INTO interactions_servicelevel AS old (
    half_hour, channel, unit_id, agent_id, tier_band, offered, answered, answered_in_20, answered_in_target,
    abandoned, abandoned_in_5, abandoned_in_20, abandoned_in_target, transferred, answer_seconds,
    abandon_seconds, handled, handle_seconds, hold_seconds, wrap_seconds, rated, satisfied, rating_sum,
    recommend_given, promoters, detractors, fcr_known, fcr_resolved, fcr_open)
SELECT
    half_hour, channel, unit_id, agent_id, tier_band, offered, answered, answered_in_20, answered_in_target,
    abandoned, abandoned_in_5, abandoned_in_20, abandoned_in_target, transferred, answer_seconds,
    abandon_seconds, handled, handle_seconds, hold_seconds, wrap_seconds, rated, satisfied, rating_sum,
    recommend_given, promoters, detractors, fcr_known, fcr_resolved, fcr_open
FROM interactions_servicelevel_stage
ON CONFLICT (half_hour, channel, unit_id, agent_id, tier_band) DO UPDATE
SET
    offered = excluded.offered, answered = excluded.answered, answered_in_20 = excluded.answered_in_20,
    answered_in_target = excluded.answered_in_target, abandoned = excluded.abandoned, abandoned_in_5 =
    excluded.abandoned_in_5, abandoned_in_20 = excluded.abandoned_in_20, abandoned_in_target =
    excluded.abandoned_in_target, transferred = excluded.transferred, answer_seconds = excluded.answer_seconds,
    abandon_seconds = excluded.abandon_seconds, handled = excluded.handled, handle_seconds =
    excluded.handle_seconds, hold_seconds = excluded.hold_seconds, wrap_seconds = excluded.wrap_seconds, rated =
    excluded.rated, satisfied = excluded.satisfied, rating_sum = excluded.rating_sum, recommend_given =
    excluded.recommend_given, promoters = excluded.promoters, detractors = excluded.detractors, fcr_known =
    excluded.fcr_known, fcr_resolved = excluded.fcr_resolved, fcr_open = excluded.fcr_open
WHERE (
    old.offered, old.answered, old.answered_in_20, old.answered_in_target, old.abandoned, old.abandoned_in_5,
    old.abandoned_in_20, old.abandoned_in_target, old.transferred, old.answer_seconds, old.abandon_seconds,
    old.handled, old.handle_seconds, old.hold_seconds, old.wrap_seconds, old.rated, old.satisfied,
    old.rating_sum, old.recommend_given, old.promoters, old.detractors, old.fcr_known, old.fcr_resolved,
    old.fcr_open
) IS DISTINCT FROM (
    excluded.offered, excluded.answered, excluded.answered_in_20, excluded.answered_in_target,
    excluded.abandoned, excluded.abandoned_in_5, excluded.abandoned_in_20, excluded.abandoned_in_target,
    excluded.transferred, excluded.answer_seconds, excluded.abandon_seconds, excluded.handled,
    excluded.handle_seconds, excluded.hold_seconds, excluded.wrap_seconds, excluded.rated, excluded.satisfied,
    excluded.rating_sum, excluded.recommend_given, excluded.promoters, excluded.detractors, excluded.fcr_known,
    excluded.fcr_resolved, excluded.fcr_open)
