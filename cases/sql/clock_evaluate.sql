-- A row: a running clock of one kind of hours whose deadline or warning is not what calendar, sessions and pauses
-- give now. Reads: cases_caseclock as a whole (every running clock is reckoned), cases_clockpause; the spans of
-- business time as sorted arrays, read once, in which width_bucket looks up. OFFSET 0 keeps the planner from putting
-- a look-up in the place of each of its mentions.
WITH line AS MATERIALIZED (
    SELECT opens, before, lengths FROM trading_business_lines(%(first_day)s, %(last_day)s) WHERE hours = %(hours)s
), looked AS (
    SELECT pause.clock_id, since.at AS since, until.at AS until,
           width_bucket(since.at, (SELECT opens FROM line)) AS since_place,
           width_bucket(until.at, (SELECT opens FROM line)) AS until_place
    FROM cases_clockpause AS pause
    JOIN cases_caseclock AS clock
      ON clock.id = pause.clock_id AND clock.state = 'running' AND clock.hours = %(hours)s
    CROSS JOIN LATERAL (SELECT trading_business_second(pause.from_at) AS at) AS since
    CROSS JOIN LATERAL (SELECT trading_business_second(pause.to_at) AS at) AS until
    WHERE pause.to_at IS NOT NULL
    OFFSET 0
), paused AS (
    SELECT clock_id, sum(
               coalesce((SELECT before FROM line)[until_place] + least(until - (SELECT opens FROM line)[until_place],
                        (SELECT lengths FROM line)[until_place]), 0)
             - coalesce((SELECT before FROM line)[since_place] + least(since - (SELECT opens FROM line)[since_place],
                        (SELECT lengths FROM line)[since_place]), 0)) AS seconds
    FROM looked GROUP BY clock_id
), begun AS (
    SELECT clock.id, clock.due_at AS old_due_at, clock.warn_at AS old_warn_at, clock.seconds::float8 AS seconds, coalesce(paused.seconds, 0) AS paused,
           trading_business_second(clock.started_at) AS at,
           width_bucket(trading_business_second(clock.started_at), (SELECT opens FROM line)) AS place
    FROM cases_caseclock AS clock
    LEFT JOIN paused ON paused.clock_id = clock.id
    WHERE clock.state = 'running' AND clock.hours = %(hours)s
    OFFSET 0
), aimed AS (
    SELECT id, old_due_at, old_warn_at, seconds, paused + coalesce((SELECT before FROM line)[place]
           + least(at - (SELECT opens FROM line)[place], (SELECT lengths FROM line)[place]), 0) AS base
    FROM begun
    OFFSET 0
), placed AS (
    SELECT id, old_due_at, old_warn_at, base + seconds AS due, base + seconds * 0.8::float8 AS warn,
           width_bucket(base + seconds - 1e-7, (SELECT before FROM line)) AS due_place,
           width_bucket(base + seconds * 0.8::float8 - 1e-7, (SELECT before FROM line)) AS warn_place
    FROM aimed
    OFFSET 0
), reckoned AS (
    SELECT id, old_due_at, old_warn_at, -- 1577808000: the second from which trading_business_second counts
           to_timestamp(1577808000 + (SELECT opens FROM line)[due_place] + due - (SELECT before FROM line)[due_place])
               AS due_at,
           to_timestamp(1577808000 + (SELECT opens FROM line)[warn_place] + warn
                        - (SELECT before FROM line)[warn_place]) AS warn_at
    FROM placed
    OFFSET 0
)
UPDATE cases_caseclock AS clock
SET due_at = reckoned.due_at, warn_at = reckoned.warn_at,
    next_at = CASE WHEN clock.level = 0 THEN reckoned.warn_at ELSE reckoned.due_at END
FROM (
    SELECT id, due_at, warn_at FROM reckoned WHERE old_due_at <> due_at OR old_warn_at <> warn_at
) AS reckoned
WHERE clock.id = reckoned.id
