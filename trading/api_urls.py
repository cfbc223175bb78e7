from django.urls import path

from trading import api

urlpatterns = [
    path("feed-packages/", api.FeedPackages.as_view(), name="api_feed_packages"),
    path("feed-packages/<int:pk>/", api.FeedPackageDetail.as_view(), name="api_feed_package"),
    path("feed-packages/<int:pk>/quarantine/", api.PackageQuarantine.as_view(), name="api_feed_quarantine"),
    path("quarantined-rows/<int:pk>/release/", api.ReleaseRow.as_view(), name="api_release_row"),
    path("quarantined-rows/<int:pk>/correct/", api.CorrectRow.as_view(), name="api_correct_row"),
]
