from django.urls import include, path

from cases.views import cases, complaints, deeds, files, incidents, settings

pages = [
    path("", cases.case_list, name="list"),
    path("board/", cases.board, name="board"),
    path("new/", cases.case_new, name="new"),
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/register/", complaints.register_file, name="register"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("incidents/<int:pk>/<slug:name>/", incidents.incident_deed, name="incident_deed"),
    path("settings/", settings.type_list, name="settings"),
    path("settings/<slug:code>/", settings.type_edit, name="type"),
    path("of-client/<str:client_no>/", cases.of_client, name="of_client"),
    path("of-conversation/<int:pk>/", cases.of_conversation, name="of_conversation"),
    path("<int:pk>/", cases.detail, name="detail"),
    path("<int:pk>/edit/", cases.edit, name="edit"),
    path("<int:pk>/files/", files.add, name="files"),
    path("<int:pk>/files/<uuid:key>/", files.file, name="file"),
    path("<int:pk>/evidence/", complaints.pack, name="evidence"),
    path("<int:pk>/<slug:name>/", deeds.deed, name="deed"),
]
urlpatterns = [path("cases/", include((pages, "cases")))]
