"""The stage of the service levels, what marks days as stale, the time that counts, and the first thresholds."""

from django.db import migrations

STAGE = """
CREATE UNLOGGED TABLE interactions_servicelevel_stage (
    LIKE interactions_servicelevel INCLUDING DEFAULTS
);
ALTER TABLE interactions_servicelevel_stage DROP COLUMN id;
"""
FUNCTIONS = """
CREATE FUNCTION interactions_entry_in_force(entry bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain AS (
        SELECT entry AS id
        UNION ALL
        SELECT newer.id FROM interactions_interaction AS newer JOIN chain ON newer.supersedes_id = chain.id
    )
    SELECT max(id) FROM chain
$$;
CREATE FUNCTION interactions_topic(category bigint, entry bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above AS (
        SELECT one.id, one.parent_id FROM interactions_category AS one
        WHERE one.id = coalesce(
            (SELECT category_id FROM interactions_interaction
             WHERE id = interactions_entry_in_force(entry)), category)
        UNION ALL
        SELECT one.id, one.parent_id FROM interactions_category AS one JOIN above ON one.id = above.parent_id
    )
    SELECT id FROM above WHERE parent_id IS NULL
$$;
CREATE FUNCTION interactions_counted_seconds(from_at timestamptz, to_at timestamptz, hours text)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN to_at <= from_at THEN 0
                WHEN hours = 'always' THEN extract(epoch FROM to_at - from_at)
                ELSE (
        SELECT coalesce(sum(extract(epoch FROM least(to_at, span.closes) - greatest(from_at, span.opens))), 0)
        FROM generate_series(
            0, least((to_at AT TIME ZONE 'Asia/Shanghai')::date
                   - (from_at AT TIME ZONE 'Asia/Shanghai')::date, 40)) AS later
        CROSS JOIN LATERAL (SELECT (from_at AT TIME ZONE 'Asia/Shanghai')::date + later AS day) AS calendar
        JOIN (VALUES ('trading', time '09:30', time '11:30'), ('trading', '13:00', '15:00'),
                     ('working', '09:00', '17:00')) AS session (hours, opens, closes)
          ON session.hours = interactions_counted_seconds.hours
        LEFT JOIN trading_calendaroverride AS told ON told.day = calendar.day
        LEFT JOIN trading_tradingday AS known ON known.day = calendar.day
        CROSS JOIN LATERAL (
            SELECT (calendar.day + session.opens) AT TIME ZONE 'Asia/Shanghai' AS opens,
                   (calendar.day + session.closes) AT TIME ZONE 'Asia/Shanghai' AS closes
        ) AS span
        WHERE coalesce(told.is_open, known.is_open, extract(isodow FROM calendar.day) < 6)
          AND span.opens < to_at AND span.closes > from_at
    ) END
$$;
"""
# Today and yesterday are made anew every minute anyway; only what is older leaves a mark.
MARKS = """
CREATE FUNCTION interactions_today() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
$$;
CREATE FUNCTION interactions_mark_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.opened_at < interactions_today() THEN
        INSERT INTO interactions_levelmark (conversation_id, client_id, opened_at, queued_at)
        VALUES (NEW.id, NEW.client_id, NEW.opened_at, NEW.queued_at);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.opened_at < interactions_today() AND (OLD.client_id, OLD.opened_at, OLD.queued_at)
                IS DISTINCT FROM (NEW.client_id, NEW.opened_at, NEW.queued_at) THEN
            INSERT INTO interactions_levelmark (conversation_id, client_id, opened_at, queued_at)
            VALUES (OLD.id, OLD.client_id, OLD.opened_at, OLD.queued_at);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER level_mark_new AFTER INSERT ON interactions_conversation
    FOR EACH ROW EXECUTE FUNCTION interactions_mark_conversation();
CREATE TRIGGER level_mark_changed AFTER UPDATE ON interactions_conversation
    FOR EACH ROW WHEN (
        (OLD.client_id, OLD.unit_id, OLD.category_id, OLD.entry_id, OLD.channel, OLD.direction, OLD.tier,
         OLD.opened_at, OLD.queued_at, OLD.answered_at, OLD.ended_at, OLD.wrapped_at, OLD.hold_seconds,
         OLD.answered_by_id, OLD.satisfaction, OLD.recommend)
        IS DISTINCT FROM
        (NEW.client_id, NEW.unit_id, NEW.category_id, NEW.entry_id, NEW.channel, NEW.direction, NEW.tier,
         NEW.opened_at, NEW.queued_at, NEW.answered_at, NEW.ended_at, NEW.wrapped_at, NEW.hold_seconds,
         NEW.answered_by_id, NEW.satisfaction, NEW.recommend))
    EXECUTE FUNCTION interactions_mark_conversation();
CREATE FUNCTION interactions_mark_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO interactions_levelmark (conversation_id, client_id, opened_at, queued_at)
    SELECT id, client_id, opened_at, queued_at FROM interactions_conversation
    WHERE id = NEW.conversation_id AND opened_at < interactions_today();
    RETURN NULL;
END $$;
CREATE TRIGGER level_mark_assignment AFTER INSERT OR UPDATE ON interactions_assignment
    FOR EACH ROW EXECUTE FUNCTION interactions_mark_assignment();
CREATE FUNCTION interactions_mark_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO interactions_levelmark (conversation_id, client_id, opened_at, queued_at)
    WITH RECURSIVE earlier AS (
        SELECT NEW.supersedes_id AS id
        UNION ALL
        SELECT entry.supersedes_id FROM interactions_interaction AS entry
        JOIN earlier ON entry.id = earlier.id WHERE entry.supersedes_id IS NOT NULL
    )
    SELECT one.id, one.client_id, one.opened_at, one.queued_at
    FROM interactions_conversation AS one
    WHERE one.entry_id = ANY (ARRAY(SELECT id FROM earlier)) AND one.opened_at < interactions_today();
    RETURN NULL;
END $$;
CREATE TRIGGER level_mark_correction AFTER INSERT ON interactions_interaction
    FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL) EXECUTE FUNCTION interactions_mark_correction();
"""
MARKS_BACK = """
DROP TRIGGER level_mark_correction ON interactions_interaction;
DROP TRIGGER level_mark_assignment ON interactions_assignment;
DROP TRIGGER level_mark_changed ON interactions_conversation;
DROP TRIGGER level_mark_new ON interactions_conversation;
DROP FUNCTION interactions_mark_correction();
DROP FUNCTION interactions_mark_assignment();
DROP FUNCTION interactions_mark_conversation();
DROP FUNCTION interactions_today();
"""
FUNCTIONS_BACK = """
DROP FUNCTION interactions_counted_seconds(timestamptz, timestamptz, text);
DROP FUNCTION interactions_topic(bigint, bigint);
DROP FUNCTION interactions_entry_in_force(bigint);
"""
BANDS = ("V5-V4", "V3", "V2-V1")
THRESHOLDS = {
    "phone": ("always", (10, 20, 20)),
    "chat": ("trading", (30, 60, 120)),
    "wecom": ("trading", (30, 60, 120)),
    "wechat": ("trading", (30, 60, 120)),
    "email": ("working", (7200, 14400, 28800)),
    "weibo": ("working", (7200, 14400, 28800)),
    "sms": ("working", (7200, 14400, 28800)),
    "visit": ("always", (300, 600, 900)),
}


def seed(apps, schema_editor):
    threshold = apps.get_model("interactions", "ServiceThreshold")
    threshold.objects.bulk_create(
        threshold(channel=channel, tier_band=band, seconds=seconds, hours=hours)
        for channel, (hours, waits) in THRESHOLDS.items()
        for band, seconds in zip((*BANDS, "other"), (*waits, waits[-1]), strict=True)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0006_service_levels_recordings"),
        ("trading", "0002_feeds"),
    ]
    operations = [
        migrations.RunSQL(STAGE, "DROP TABLE interactions_servicelevel_stage"),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        migrations.RunSQL(MARKS, MARKS_BACK),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
