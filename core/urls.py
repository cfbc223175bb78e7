from django.conf import settings
from django.urls import include, path

from core import gallery, views
from core.bulk import views as bulk
from core.exports import views as exports
from core.lists import views as saved_views

views_patterns = [
    path("rail/", saved_views.rail, name="rail"),
    path("of/<str:name>/", saved_views.menu, name="menu"),
    path("of/<str:name>/keep/", saved_views.keep, name="keep"),
    path("<int:pk>/", saved_views.change, name="change"),
    path("<int:pk>/remove/", saved_views.remove, name="remove"),
    path("<int:pk>/restore/", saved_views.restore, name="restore"),
    path("<int:pk>/up/", saved_views.move_up, name="move_up"),
]
exports_patterns = [
    path("", exports.exports, name="list"),
    path("new/<str:name>/", exports.new, name="new"),
    path("<int:pk>/decide/", exports.decide, name="decide"),
    path("<int:pk>/file/", exports.fetch, name="fetch"),
]
bulk_patterns = [
    path("run/<int:pk>/", bulk.run_page, name="run"),
    path("run/<int:pk>/undo/", bulk.undo, name="undo"),
    path("run/<int:pk>/go-on/", bulk.go_on, name="go_on"),
    path("run/<int:pk>/report/", bulk.report, name="report"),
    path("of/<str:name>/<str:key>/", bulk.choose, name="choose"),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("live/", views.no_stream, name="live"),
    path("palette/", views.palette, name="palette"),
    path("jobs/", views.jobs_tray, name="jobs_tray"),
    path("jobs/shared/", views.jobs_shared, name="jobs_shared"),
    path("jobs/<int:job_id>/cancel/", views.job_cancel, name="job_cancel"),
    path("views/", include((views_patterns, "views"))),
    path("bulk/", include((bulk_patterns, "bulk"))),
    path("exports/", include((exports_patterns, "exports"))),
]

if settings.DEBUG:
    urlpatterns.append(path("ui-gallery/", gallery.gallery, name="ui_gallery"))
