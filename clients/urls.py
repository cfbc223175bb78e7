from django.urls import include, path

from clients.views import (
    duplicates,
    editing,
    history,
    merging,
    ownership,
    prospects,
    record,
    reveal,
    timeline,
)

client = [
    path("", record.client_list, name="list"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/find/", duplicates.find, name="duplicates_find"),
    path("duplicates/<int:pk>/dismiss/", duplicates.dismiss, name="duplicate_dismiss"),
    path("merges/", merging.merge_list, name="merges"),
    path("merges/new/", merging.merge_new, name="merge_new"),
    path("merges/<int:pk>/", merging.merge_detail, name="merge"),
    path("merges/<int:pk>/approve/", merging.approve, name="merge_approve"),
    path("merges/<int:pk>/reject/", merging.reject, name="merge_reject"),
    path("merges/<int:pk>/undo/", merging.undo, name="merge_undo"),
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
    path("<str:client_no>/prospect/", prospects.panel, name="prospect"),
    path("<str:client_no>/prospect/stage/", prospects.move, name="prospect_stage"),
    path("<str:client_no>/prospect/edit/", prospects.edit, name="prospect_edit"),
    path("<str:client_no>/prospect/undo/", prospects.undo_conversion, name="prospect_undo"),
]
prospect = [
    path("", prospects.prospect_list, name="list"),
    path("new/", prospects.new, name="new"),
    path("matches/", prospects.matches, name="matches"),
    path("matches/<int:pk>/", prospects.decide, name="decide"),
]
urlpatterns = [
    path("prospects/", include((prospect, "prospects"))),
    path("clients/", include((client, "clients"))),
]
