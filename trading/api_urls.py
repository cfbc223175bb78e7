from django.urls import path

from trading.api import feeds, suitability

urlpatterns = [
    path("clients/<str:client_no>/suitability/", suitability.Suitability.as_view(), name="api_suitability"),
    path(
        "clients/<str:client_no>/risk-warnings/",
        suitability.RiskWarnings.as_view(),
        name="api_risk_warnings",
    ),
    path("feed-packages/", feeds.FeedPackages.as_view(), name="api_feed_packages"),
    path("feed-packages/<int:pk>/", feeds.FeedPackageDetail.as_view(), name="api_feed_package"),
    path("feed-packages/<int:pk>/quarantine/", feeds.PackageQuarantine.as_view(), name="api_feed_quarantine"),
    path("quarantined-rows/<int:pk>/release/", feeds.ReleaseRow.as_view(), name="api_release_row"),
    path("quarantined-rows/<int:pk>/correct/", feeds.CorrectRow.as_view(), name="api_correct_row"),
]
