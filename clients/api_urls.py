from django.urls import path

from clients.api import (
    consents,
    contacts,
    editing,
    history,
    merging,
    ownership,
    prospects,
    record,
    relations,
    reveal,
)

urlpatterns = [
    path("clients/", record.ClientList.as_view(), name="api_clients"),
    path("clients/duplicates/", merging.Duplicates.as_view(), name="api_duplicates"),
    path("clients/duplicates/<int:pk>/dismiss/", merging.DuplicateDismiss.as_view(), name="api_dismiss"),
    path("clients/merges/", merging.Merges.as_view(), name="api_merges"),
    path("clients/merges/<int:pk>/", merging.MergeDetail.as_view(), name="api_merge"),
    path("clients/merges/<int:pk>/approve/", merging.MergeApprove.as_view(), name="api_merge_approve"),
    path("clients/merges/<int:pk>/reject/", merging.MergeReject.as_view(), name="api_merge_reject"),
    path("clients/merges/<int:pk>/undo/", merging.MergeUndo.as_view(), name="api_merge_undo"),
    path("clients/<str:client_no>/", editing.EditableClient.as_view(), name="api_client"),
    path("clients/<str:client_no>/consents/", consents.Consents.as_view(), name="api_consents"),
    path("clients/<str:client_no>/contact-stop/", consents.ContactStops.as_view(), name="api_contact_stop"),
    path("clients/<str:client_no>/contact-points/", contacts.ContactPoints.as_view(), name="api_contacts"),
    path(
        "clients/<str:client_no>/contact-points/<int:pk>/end/",
        contacts.EndContactPoint.as_view(),
        name="api_contact_end",
    ),
    path("clients/<str:client_no>/relations/", relations.Relations.as_view(), name="api_relations"),
    path(
        "clients/<str:client_no>/relations/<int:pk>/end/",
        relations.EndRelation.as_view(),
        name="api_relation_end",
    ),
    path("clients/<str:client_no>/history/", history.History.as_view(), name="api_history"),
    path("clients/<str:client_no>/looks/", history.Looks.as_view(), name="api_looks"),
    path("clients/<str:client_no>/reveal/", reveal.RevealValue.as_view(), name="api_reveal"),
    path("clients/<str:client_no>/handovers/", ownership.Handovers.as_view(), name="api_handovers"),
    path(
        "clients/<str:client_no>/handovers/<int:pk>/cancel/",
        ownership.HandoverCancel.as_view(),
        name="api_handover_cancel",
    ),
    path("prospects/", prospects.Prospects.as_view(), name="api_prospects"),
    path("prospects/<str:client_no>/", prospects.ProspectDetail.as_view(), name="api_prospect"),
    path("prospects/<str:client_no>/stage/", prospects.ProspectStage.as_view(), name="api_prospect_stage"),
]
