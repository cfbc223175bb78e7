from django.urls import path

from clients.api import editing, history, ownership, record, reveal

urlpatterns = [
    path("clients/", record.ClientList.as_view(), name="api_clients"),
    path("clients/<str:client_no>/", editing.EditableClient.as_view(), name="api_client"),
    path("clients/<str:client_no>/history/", history.History.as_view(), name="api_history"),
    path("clients/<str:client_no>/looks/", history.Looks.as_view(), name="api_looks"),
    path("clients/<str:client_no>/reveal/", reveal.RevealValue.as_view(), name="api_reveal"),
    path("clients/<str:client_no>/handovers/", ownership.Handovers.as_view(), name="api_handovers"),
    path(
        "clients/<str:client_no>/handovers/<int:pk>/cancel/",
        ownership.HandoverCancel.as_view(),
        name="api_handover_cancel",
    ),
]
