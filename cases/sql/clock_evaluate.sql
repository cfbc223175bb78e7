-- A row: a running clock whose deadline or warning is not what calendar, sessions and pauses give now.
-- Reads: cases_caseclock as a whole (every running clock is reckoned), cases_clockpause by clock_pause_clock's table,
-- the spans of business time as sorted arrays in which width_bucket looks up.
WITH line AS MATERIALIZED (
    SELECT hours, opens, before, lengths FROM trading_business_lines(%(first_day)s, %(last_day)s)
), paused AS MATERIALIZED (
    SELECT pause.clock_id, sum(until.passed - since.passed) AS seconds
    FROM cases_clockpause AS pause
    JOIN cases_caseclock AS clock ON clock.id = pause.clock_id AND clock.state = 'running'
    JOIN line ON line.hours = clock.hours
    CROSS JOIN LATERAL (
        SELECT coalesce(line.before[width_bucket(at, line.opens)]
               + least(at - line.opens[width_bucket(at, line.opens)], line.lengths[width_bucket(at, line.opens)]), 0)
               AS passed
        FROM (SELECT trading_business_second(pause.from_at) AS at) AS moment) AS since
    CROSS JOIN LATERAL (
        SELECT coalesce(line.before[width_bucket(at, line.opens)]
               + least(at - line.opens[width_bucket(at, line.opens)], line.lengths[width_bucket(at, line.opens)]), 0)
               AS passed
        FROM (SELECT trading_business_second(pause.to_at) AS at) AS moment) AS until
    WHERE pause.to_at IS NOT NULL
    GROUP BY pause.clock_id
), begun AS (
    SELECT clock.id, clock.seconds, clock.hours, coalesce(paused.seconds, 0) AS paused, moment.at,
           width_bucket(moment.at, line.opens) AS place
    FROM cases_caseclock AS clock
    JOIN line ON line.hours = clock.hours
    LEFT JOIN paused ON paused.clock_id = clock.id
    CROSS JOIN LATERAL (SELECT trading_business_second(clock.started_at) AS at OFFSET 0) AS moment
    WHERE clock.state = 'running'
), aimed AS (
    SELECT begun.id, begun.hours,
           coalesce(line.before[place] + least(at - line.opens[place], line.lengths[place]), 0) + paused AS base,
           begun.seconds
    FROM begun JOIN line ON line.hours = begun.hours
), placed AS (
    SELECT aimed.id, aimed.hours, base + seconds AS due, base + seconds * 0.8::float8 AS warn,
           width_bucket(base + seconds - 1e-7, line.before) AS due_place,
           width_bucket(base + seconds * 0.8::float8 - 1e-7, line.before) AS warn_place
    FROM aimed JOIN line ON line.hours = aimed.hours
), reckoned AS (
    SELECT placed.id,
           trading_business_moment(line.opens[due_place] + due - line.before[due_place]) AS due_at,
           trading_business_moment(line.opens[warn_place] + warn - line.before[warn_place]) AS warn_at
    FROM placed JOIN line ON line.hours = placed.hours
)
UPDATE cases_caseclock AS clock
SET due_at = reckoned.due_at, warn_at = reckoned.warn_at,
    next_at = CASE WHEN clock.level = 0 THEN reckoned.warn_at ELSE reckoned.due_at END
FROM reckoned
WHERE clock.id = reckoned.id
  AND (clock.due_at <> reckoned.due_at OR clock.warn_at <> reckoned.warn_at)
