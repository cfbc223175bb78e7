from django.urls import path

from segmentation.api import history, migrations, models, scores

urlpatterns = [
    path("scores/", scores.Scores.as_view(), name="api_scores"),
    path("tier-migrations/", migrations.TierMigrations.as_view(), name="api_tier_migrations"),
    path("models/<int:version>/breakpoints/", models.Breakpoints.as_view(), name="api_breakpoints"),
    path("clients/<str:client_no>/score/", scores.ClientScoreView.as_view(), name="api_client_score"),
    path("clients/<str:client_no>/months/", history.ClientMonths.as_view(), name="api_client_months"),
    path("clients/<str:client_no>/events/", history.ClientEvents.as_view(), name="api_client_events"),
]
