from django.urls import include, path

from knowledge import views

scripts = [
    path("", views.script_list, name="list"),
    path("for/", views.script_for, name="for"),
    path("new/", views.script_new, name="new"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/edit/", views.script_edit, name="edit"),
    path("<slug:code>/<slug:deed>/", views.script_deed, name="deed"),
]
urlpatterns = [path("scripts/", include((scripts, "scripts")))]
