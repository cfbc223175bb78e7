-- A row: the clients of a date that go the same way from the live version to a draft: by tier now, tier under the
-- draft, tier where they would settle by its plain cut-offs, and whole points of both scores; a tier by hand stays.
-- by_hand: how many of them have one. `foremost` is the one of
-- them whose tier changes that brings most: contribution and client.
-- Reads: segmentation_tried (segmentation_clientscore or segmentation_scoreclose of the date, in parallel).
SELECT live_tier, tier, CASE WHEN by_hand THEN tier ELSE plain END AS plain, floor(live_score)::int AS live_points, floor(score)::int AS points,
       count(*) AS clients, count(*) FILTER (WHERE by_hand) AS by_hand, coalesce(sum(contribution), 0) AS contribution, sum(assets) AS assets,
       count(live_score) AS live_scored, coalesce(sum(live_score), 0) AS live_sum,
       count(score) AS scored, coalesce(sum(score), 0) AS score_sum,
       max(ARRAY[coalesce(contribution, 0), client_id]) FILTER (WHERE tier <> live_tier) AS foremost
FROM segmentation_tried(
    %(draft)s, %(as_of)s, %(is_night)s, %(is_close)s, %(weights)s::float8[], %(complaint_points)s,
    %(codes)s::text[], %(cuts)s::numeric[], %(closes_before_down)s::int[], %(up_margin)s, %(down_margin)s,
    %(closes)s::date[]
)
GROUP BY 1, 2, 3, 4, 5
