from django.urls import path

from segmentation.api import drafts, figures, history, migrations, models, overrides, scores, segments

urlpatterns = [
    path("segments/", segments.Segments.as_view(), name="api_segments"),
    path("segments/<int:pk>/", segments.SegmentDetail.as_view(), name="api_segment"),
    path("segments/<int:pk>/members/", segments.SegmentMembers.as_view(), name="api_segment_members"),
    path("segments/<int:pk>/moves/", segments.SegmentMoves.as_view(), name="api_segment_moves"),
    path("segments/<int:pk>/trend/", segments.SegmentPoints.as_view(), name="api_segment_trend"),
    path(
        "segments/<int:pk>/past-closes/", segments.SegmentPastCloses.as_view(), name="api_segment_past_closes"
    ),
    path("segment-fields/", segments.SegmentFields.as_view(), name="api_segment_fields"),
    path("segment-counts/", segments.SegmentCount.as_view(), name="api_segment_count"),
    path("scores/", scores.Scores.as_view(), name="api_scores"),
    path("tier-migrations/", migrations.TierMigrations.as_view(), name="api_tier_migrations"),
    path("segment-figures/tiers/", figures.TiersOverTime.as_view(), name="api_tiers_over_time"),
    path("segment-figures/cohorts/", figures.Cohorts.as_view(), name="api_cohorts"),
    path("segment-figures/cells/", figures.ValueCells.as_view(), name="api_cells"),
    path("tier-overrides/", overrides.TierOverrides.as_view(), name="api_tier_overrides"),
    path("tier-overrides/effect/", overrides.OverrideEffect.as_view(), name="api_override_effect"),
    path("tier-overrides/<int:pk>/", overrides.TierOverrideDetail.as_view(), name="api_tier_override"),
    path(
        "tier-overrides/<int:pk>/<str:name>/",
        overrides.TierOverrideDeed.as_view(),
        name="api_tier_override_deed",
    ),
    path("models/", models.ModelVersions.as_view(), name="api_models"),
    path("models/<int:version>/", models.ModelVersionDetail.as_view(), name="api_model"),
    path("model-drafts/", drafts.ModelDrafts.as_view(), name="api_model_drafts"),
    path("model-drafts/<int:pk>/", drafts.ModelDraftDetail.as_view(), name="api_model_draft"),
    path(
        "model-drafts/<int:pk>/trials/<slug:kind>/",
        drafts.ModelDraftTrials.as_view(),
        name="api_model_trials",
    ),
    path("model-drafts/<int:pk>/<slug:name>/", drafts.ModelDraftDeed.as_view(), name="api_model_draft_deed"),
    path("model-trials/<int:pk>/", drafts.ModelTrialDetail.as_view(), name="api_model_trial"),
    path("models/<int:version>/breakpoints/", models.Breakpoints.as_view(), name="api_breakpoints"),
    path("clients/<str:client_no>/score/", scores.ClientScoreView.as_view(), name="api_client_score"),
    path("clients/<str:client_no>/months/", history.ClientMonths.as_view(), name="api_client_months"),
    path("clients/<str:client_no>/events/", history.ClientEvents.as_view(), name="api_client_events"),
]
