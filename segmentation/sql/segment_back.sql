-- One row: a client whom this night, done before, took out and now finds in the segment after all. Reads the night's moves;
-- finds the row by the primary key.
UPDATE segmentation_segmentmember AS member
SET left_on = NULL, left_cause = NULL, left_bits = NULL, left_rule = NULL
FROM segmentation_segmentmove AS moved
WHERE moved.move = 'back' AND member.segment_id = %(segment)s AND member.client_id = moved.client_id
    AND member.left_on = %(as_of)s
