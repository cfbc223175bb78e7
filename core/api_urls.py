from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from core import views

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", views.api_docs, name="api_docs"),
]
