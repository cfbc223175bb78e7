-- A row: a tier a client held from a date to a date; staged. Spans begun before `since` are as they stand, later ones
-- come from the rows of closes and of the night; of clients redone from an earlier month all come from the closes.
-- A span ends with the next one or with the loss of the client, whichever comes first.
-- Reads: segmentation_spanclient; segmentation_tierspan, segmentation_clientscore, segmentation_lifecycleevent by their
-- primary keys' client range, segmentation_scoreclose by that or by score_close_day.
INSERT INTO segmentation_spanstage (client_id, from_date, to_date, tier, reason, model_version_id)
SELECT client_id, tier_since,
       least(lead(tier_since) OVER (PARTITION BY client_id ORDER BY tier_since), (
           SELECT min(gone.on_date) FROM segmentation_lifecycleevent AS gone
           WHERE gone.client_id = begun.client_id AND gone.event IN ('LOST', 'EXCLUDED')
             AND gone.on_date > begun.tier_since)),
       tier, tier_reason, model_version_id
FROM (
    SELECT DISTINCT ON (client_id, tier_since) client_id, tier_since, tier, tier_reason, model_version_id
    FROM (
        SELECT client_id, from_date AS as_of, tier, from_date AS tier_since, reason AS tier_reason, model_version_id
        FROM segmentation_tierspan
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND from_date < %(since)s
          AND client_id <> ALL (%(client_ids)s::bigint[])
        UNION ALL
        SELECT client_id, as_of, tier, tier_since, tier_reason, model_version_id FROM segmentation_scoreclose
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND tier <> '' AND as_of >= %(since)s
        UNION ALL
        SELECT client_id, as_of, tier, tier_since, tier_reason, model_version_id FROM segmentation_scoreclose
        WHERE client_id = ANY (%(client_ids)s::bigint[]) AND tier <> '' AND as_of < %(since)s
        UNION ALL
        SELECT client_id, as_of, tier, tier_since, tier_reason, model_version_id FROM segmentation_clientscore
        WHERE client_id BETWEEN %(lo)s AND %(hi)s AND tier <> ''
    ) AS kept
    WHERE client_id IN (SELECT client_id FROM segmentation_spanclient)
    ORDER BY client_id, tier_since, as_of
) AS begun
