-- One row: a client whom this night, done before, put into the segment and now does not find there. Reads the night's
-- moves; finds the row by the primary key.
DELETE FROM segmentation_segmentmember AS member
USING segmentation_segmentmove AS moved
WHERE moved.move = 'retract' AND member.segment_id = %(segment)s AND member.client_id = moved.client_id
    AND member.entered_on = %(as_of)s
