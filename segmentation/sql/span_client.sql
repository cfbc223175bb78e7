-- A row: a client whose tier spans are to be made anew; staged. Everyone after several closes, else the clients redone
-- from an earlier month and those whose last span is not the tier they have now.
-- Reads: segmentation_clientscore (primary key), segmentation_tierspan (tier_span_open), trading_dirtyclient.
INSERT INTO segmentation_spanclient (client_id)
SELECT client_id FROM trading_dirtyclient WHERE client_id BETWEEN %(lo)s AND %(hi)s
UNION
SELECT coalesce(now.client_id, span.client_id)
FROM (
    SELECT client_id, tier, tier_since FROM segmentation_clientscore
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND tier <> ''
) AS now
FULL JOIN (
    SELECT client_id, tier, from_date FROM segmentation_tierspan
    WHERE client_id BETWEEN %(lo)s AND %(hi)s AND to_date IS NULL
) AS span ON span.client_id = now.client_id
WHERE (now.tier, now.tier_since) IS DISTINCT FROM (span.tier, span.from_date)
UNION
SELECT client_id FROM segmentation_tierspan WHERE %(everyone)s AND client_id BETWEEN %(lo)s AND %(hi)s
UNION
SELECT client_id FROM segmentation_scoreclose WHERE %(everyone)s AND client_id BETWEEN %(lo)s AND %(hi)s
