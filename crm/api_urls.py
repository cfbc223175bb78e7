from django.urls import path

from crm import api

urlpatterns = [
    path("runs/", api.Runs.as_view(), name="api_runs"),
    path("runs/<int:pk>/", api.RunDetail.as_view(), name="api_run"),
]
