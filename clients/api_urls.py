from django.urls import path

from clients import api

urlpatterns = [
    path("clients/", api.ClientList.as_view(), name="api_clients"),
    path("clients/<str:client_no>/", api.ClientDetail.as_view(), name="api_client"),
]
