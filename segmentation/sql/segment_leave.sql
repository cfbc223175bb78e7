-- One row: a client who is in the segment no more from this night on. Reads the night's moves; finds the open row by
-- segment_member_once.
UPDATE segmentation_segmentmember AS member
SET left_on = %(as_of)s, left_cause = moved.cause, left_bits = moved.bits, left_rule = %(rule_version)s
FROM segmentation_segmentmove AS moved
WHERE moved.move = 'leave' AND member.segment_id = %(segment)s AND member.client_id = moved.client_id
    AND member.left_on IS NULL
