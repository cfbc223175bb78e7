from django.urls import path

from clients.api import record

urlpatterns = [
    path("clients/", record.ClientList.as_view(), name="api_clients"),
    path("clients/<str:client_no>/", record.ClientDetail.as_view(), name="api_client"),
]
