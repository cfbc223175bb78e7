from django.urls import include, path

from segmentation.views import clients, overview

segments = [
    path("", overview.segments, name="overview"),
    path("clients/<str:client_no>/score/", clients.client_score, name="client_score"),
    path("clients/<str:client_no>/trend/", clients.client_trend, name="client_trend"),
    path("clients/<str:client_no>/months/", clients.client_months, name="client_months"),
    path("clients/<str:client_no>/tiers/", clients.client_tiers, name="client_tiers"),
]
urlpatterns = [path("segments/", include((segments, "segmentation")))]
