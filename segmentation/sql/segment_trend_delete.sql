-- One row: sums of a segment that this night makes anew, or of an earlier night that is no month close. Found by the
-- primary key.
DELETE FROM segmentation_segmenttrend
WHERE segment_id = %(segment)s
    AND (as_of = %(as_of)s OR as_of < %(as_of)s AND extract(month FROM as_of + 1) = extract(month FROM as_of))
