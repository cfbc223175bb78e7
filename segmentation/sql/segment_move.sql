-- One row: a client of a block of ids whose place in a segment is not what this night found: enter, leave, or, when the
-- night is done again, back (left this night, meets the rule after all) and retract (entered this night, does not).
-- cause and bits say why (SegmentCause; the conditions that came to count or ceased to since the block was last kept).
-- Reads the stage of the night, the open and just closed rows by segmentation_segmentmember's primary key and
-- segment_member_once, and the block kept by the night before.
INSERT INTO segmentation_segmentmove (client_id, branch_id, move, cause, bits)
WITH kept AS (
    SELECT block.rule_version, %(lo)s::bigint + told.place - 1 AS client_id, told.bits
    FROM segmentation_segmentblock AS block
    CROSS JOIN LATERAL unnest(block.bits) WITH ORDINALITY AS told (bits, place)
    WHERE block.segment_id = %(segment)s AND block.block = %(block)s
), member AS (
    SELECT client_id, entered_on, left_on
    FROM segmentation_segmentmember
    WHERE segment_id = %(segment)s AND client_id BETWEEN %(lo)s AND %(hi)s
        AND (left_on IS NULL OR left_on = %(as_of)s)
), night AS (
    SELECT coalesce(stage.client_id, member.client_id) AS client_id, stage.branch_id,
        coalesce(stage.holds, false) AS holds, stage.bits, member.entered_on,
        member.client_id IS NOT NULL AND member.left_on IS NULL AS is_in, member.left_on
    FROM segmentation_segmentstage AS stage
    FULL JOIN member ON member.client_id = stage.client_id
), moved AS (
    SELECT night.*, kept.rule_version, kept.bits AS before, CASE
        WHEN holds AND NOT is_in AND left_on IS NOT NULL THEN 'back'
        WHEN holds AND NOT is_in THEN 'enter'
        WHEN NOT holds AND is_in AND entered_on = %(as_of)s THEN 'retract'
        WHEN NOT holds AND is_in THEN 'leave'
        END AS move
    FROM night LEFT JOIN kept ON kept.client_id = night.client_id
)
SELECT client_id, branch_id, move, told.cause, CASE
    WHEN told.cause <> 0 THEN 0
    WHEN holds THEN bits & ~before
    ELSE before & ~bits END
FROM moved
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN bits IS NULL THEN 4
        WHEN %(is_first)s THEN 1
        WHEN rule_version <> %(rule_version)s THEN 2
        WHEN before IS NULL OR before < 0 THEN 3
        ELSE 0 END AS cause
) AS told
WHERE move IS NOT NULL
