from django.urls import include, path

from knowledge.views import articles, scripts

script_pages = [
    path("", scripts.script_list, name="list"),
    path("for/", scripts.script_for, name="for"),
    path("new/", scripts.script_new, name="new"),
    path("<slug:code>/", scripts.detail, name="detail"),
    path("<slug:code>/edit/", scripts.script_edit, name="edit"),
    path("<slug:code>/<slug:deed>/", scripts.script_deed, name="deed"),
]
article_pages = [
    path("", articles.article_list, name="list"),
    path("new/", articles.article_new, name="new"),
    path("suggested/", articles.suggested, name="suggested"),
    path("beside/<int:conversation>/", articles.beside, name="beside"),
    path("<int:pk>/", articles.detail, name="detail"),
    path("<int:pk>/edit/", articles.article_edit, name="edit"),
    path("<int:pk>/vote/", articles.vote, name="vote"),
    path("<int:pk>/used/", articles.used, name="used"),
    path("<int:pk>/owner/", articles.hand_over, name="owner"),
    path("<int:pk>/report/", articles.report, name="report"),
    path("<int:pk>/report/<int:feedback>/settle/", articles.settle, name="settle"),
    path("<int:pk>/<slug:deed>/", articles.article_deed, name="deed"),
]
urlpatterns = [
    path("scripts/", include((script_pages, "scripts"))),
    path("knowledge/", include((article_pages, "articles"))),
]
