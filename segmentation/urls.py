from django.urls import include, path

from segmentation import views

segments = [
    path("", views.segments, name="overview"),
    path("clients/<str:client_no>/score/", views.client_score, name="client_score"),
    path("clients/<str:client_no>/trend/", views.client_trend, name="client_trend"),
    path("clients/<str:client_no>/months/", views.client_months, name="client_months"),
    path("clients/<str:client_no>/tiers/", views.client_tiers, name="client_tiers"),
]
urlpatterns = [path("segments/", include((segments, "segmentation")))]
