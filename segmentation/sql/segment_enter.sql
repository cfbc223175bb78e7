-- One row: a client who is in the segment from this night on. Reads the night's moves.
INSERT INTO segmentation_segmentmember
    (segment_id, client_id, entered_on, entered_cause, entered_bits, entered_rule)
SELECT %(segment)s, client_id, %(as_of)s, cause, bits, %(rule_version)s
FROM segmentation_segmentmove
WHERE move = 'enter'
