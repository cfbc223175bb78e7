from django.urls import include, path

from clients import views

client = [
    path("", views.client_list, name="list"),
    path("<str:client_no>/", views.client_detail, name="detail"),
    path("<str:client_no>/timeline/", views.timeline, name="timeline"),
    path("<str:client_no>/accounts/", views.accounts, name="accounts"),
    path("<str:client_no>/ownership/", views.ownership, name="ownership"),
]
urlpatterns = [
    path("clients/", include((client, "clients"))),
    path("palette/", views.palette, name="palette"),
]
