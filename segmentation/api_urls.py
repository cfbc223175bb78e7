from django.urls import path

from segmentation import api

urlpatterns = [
    path("scores/", api.Scores.as_view(), name="api_scores"),
    path("tier-migrations/", api.TierMigrations.as_view(), name="api_tier_migrations"),
    path("models/<int:version>/breakpoints/", api.Breakpoints.as_view(), name="api_breakpoints"),
    path("clients/<str:client_no>/score/", api.ClientScoreView.as_view(), name="api_client_score"),
    path("clients/<str:client_no>/months/", api.ClientMonths.as_view(), name="api_client_months"),
    path("clients/<str:client_no>/events/", api.ClientEvents.as_view(), name="api_client_events"),
]
