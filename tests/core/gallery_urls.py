"""The application's addresses and the gallery, which else is there only while debugging."""

from django.urls import path

from core.gallery import gallery
from crm.urls import handler400, handler403, handler404, handler500
from crm.urls import urlpatterns as application

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [path("ui-gallery/", gallery), *application]
