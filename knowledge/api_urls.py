from django.urls import path

from knowledge import api

urlpatterns = [
    path("scripts/", api.Scripts.as_view(), name="api_scripts"),
    path("scripts/<slug:code>/", api.ScriptDetail.as_view(), name="api_script"),
]
