from django.conf import settings
from django.urls import path

from core import gallery, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("palette/", views.palette, name="palette"),
    path("jobs/", views.jobs_tray, name="jobs_tray"),
    path("jobs/shared/", views.jobs_shared, name="jobs_shared"),
    path("jobs/<int:job_id>/cancel/", views.job_cancel, name="job_cancel"),
]

if settings.DEBUG:
    urlpatterns.append(path("ui-gallery/", gallery.gallery, name="ui_gallery"))
