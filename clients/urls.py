from django.urls import include, path

from clients.views import record

client = [
    path("", record.client_list, name="list"),
    path("<str:client_no>/", record.client_detail, name="detail"),
    path("<str:client_no>/timeline/", record.timeline, name="timeline"),
    path("<str:client_no>/accounts/", record.accounts, name="accounts"),
    path("<str:client_no>/ownership/", record.ownership, name="ownership"),
]
urlpatterns = [
    path("clients/", include((client, "clients"))),
]
