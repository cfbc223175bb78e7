from django.urls import include, path

from kpis import views

kpis = [
    path("", views.scorecard, name="scorecard"),
    path("overrides/", views.overridden, name="overridden"),
    path("league/", views.league, name="league"),
    path("targets/", views.targets, name="targets"),
    path("targets/<int:pk>/<str:answer>/", views.answer_targets, name="answer_targets"),
    path("<int:pk>/clients/", views.members, name="members"),
    path("<int:pk>/xlsx/", views.as_xlsx, name="xlsx"),
    path("<int:pk>/pdf/", views.as_pdf, name="pdf"),
]
urlpatterns = [path("scorecards/", include((kpis, "kpis")))]
