from django.urls import include, path

from clients.views import editing, history, ownership, record, reveal, timeline

client = [
    path("", record.client_list, name="list"),
    path("hand-over/", ownership.leaving, name="leaving"),
    path("<str:client_no>/", record.client_detail, name="detail"),
    path("<str:client_no>/timeline/", timeline.timeline, name="timeline"),
    path("<str:client_no>/accounts/", record.accounts, name="accounts"),
    path("<str:client_no>/edit/<str:field>/", editing.edit, name="edit"),
    path("<str:client_no>/history/", history.history, name="history"),
    path("<str:client_no>/looks/", history.looks, name="looks"),
    path("<str:client_no>/masked/<str:field>/", reveal.masked, name="masked"),
    path("<str:client_no>/reveal/<str:field>/", reveal.reveal, name="reveal"),
    path("<str:client_no>/ownership/", ownership.panel, name="ownership"),
    path("<str:client_no>/hand-over/", ownership.hand_over, name="hand_over"),
    path("<str:client_no>/hand-over/<int:pk>/cancel/", ownership.cancel, name="hand_over_cancel"),
]
urlpatterns = [
    path("clients/", include((client, "clients"))),
]
