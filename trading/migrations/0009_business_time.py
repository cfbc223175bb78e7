"""Business time as data: the sessions of trading and working hours, and the arithmetic for whole tables."""

from datetime import date, time

from django.db import migrations, models
from django.db.models import F, Q

BEGINNING = date(1990, 1, 1)
SESSIONS = (
    ("trading", time(9, 30), time(11, 30)),
    ("trading", time(13), time(15)),
    ("working", time(9), time(17)),
)
# Seconds are counted from 2020-01-01 in Shanghai, so that 64-bit floats keep microseconds.
FUNCTIONS = """
CREATE FUNCTION trading_business_second(at timestamptz) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT date_part('epoch', at - timestamptz '2020-01-01 00:00+08')
$$;
CREATE FUNCTION trading_business_moment(seconds float8) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT timestamptz '2020-01-01 00:00+08' + make_interval(secs => seconds)
$$;
CREATE FUNCTION trading_is_open(day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT told.is_open FROM trading_calendaroverride AS told WHERE told.day = trading_is_open.day),
        (SELECT known.is_open FROM trading_tradingday AS known WHERE known.day = trading_is_open.day),
        extract(isodow FROM day) < 6
            AND (extract(month FROM day), extract(day FROM day)) NOT IN ((1,1), (5,1), (10,1), (10,2), (10,3)))
$$;
CREATE FUNCTION trading_business_lines(first_day date, last_day date)
RETURNS TABLE (hours text, opens float8[], before float8[], lengths float8[]) LANGUAGE sql STABLE AS $$
    WITH span AS (
        SELECT session.hours, trading_business_second(
                   (calendar.day + session.opens) AT TIME ZONE 'Asia/Shanghai') AS opens,
               date_part('epoch', session.closes - session.opens) AS length
        FROM (SELECT first_day + number AS day FROM generate_series(0, last_day - first_day) AS number) AS calendar
        JOIN trading_businesssession AS session
          ON session.from_date = (
              SELECT max(told.from_date) FROM trading_businesssession AS told
              WHERE told.hours = session.hours AND told.from_date <= calendar.day)
        WHERE trading_is_open(calendar.day)
    ), counted AS (
        SELECT span.hours, span.opens, span.length,
               sum(span.length) OVER (PARTITION BY span.hours ORDER BY span.opens) - span.length AS before
        FROM span
    )
    SELECT counted.hours::text, array_agg(counted.opens ORDER BY counted.opens),
           array_agg(counted.before ORDER BY counted.opens), array_agg(counted.length ORDER BY counted.opens)
    FROM counted GROUP BY counted.hours
    UNION ALL
    SELECT 'always', ARRAY[-1e10::float8], ARRAY[0::float8], ARRAY[1e11::float8]
$$;
"""
FUNCTIONS_BACK = """
DROP FUNCTION trading_business_lines(date, date);
DROP FUNCTION trading_is_open(date);
DROP FUNCTION trading_business_moment(float8);
DROP FUNCTION trading_business_second(timestamptz);
"""


def seed(apps, schema_editor):
    session = apps.get_model("trading", "BusinessSession")
    session.objects.bulk_create(
        session(hours=hours, from_date=BEGINNING, opens=opens, closes=closes) for hours, opens, closes in SESSIONS
    )


class Migration(migrations.Migration):
    dependencies = [("trading", "0008_stage_address_index")]
    operations = [
        migrations.CreateModel(
            name="BusinessSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hours",
                    models.CharField(
                        choices=[("trading", "Trading hours"), ("working", "Working hours")], max_length=7
                    ),
                ),
                ("from_date", models.DateField()),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
            ],
            options={
                "ordering": ["hours", "from_date", "opens"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hours", "from_date", "opens"), name="business_session_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(("closes__gt", F("opens"))), name="business_session_has_length"
                    ),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
    ]
