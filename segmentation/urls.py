from django.urls import include, path

from segmentation.views import builder, clients, figures, overrides, overview, saved

segments = [
    path("", overview.segments, name="overview"),
    path("history/", figures.history, name="history"),
    path("cohorts/", figures.cohorts, name="cohorts"),
    path("cells/", figures.cells, name="cells"),
    path("file/", figures.file, name="file"),
    path("scores/", figures.score_list, name="scores"),
    path("overrides/", overrides.override_list, name="overrides"),
    path("overrides/<int:pk>/", overrides.override, name="override"),
    path("overrides/<int:pk>/<str:deed>/", overrides.override_deed, name="override_deed"),
    path("clients/<str:client_no>/override/", overrides.client_override, name="client_override"),
    path("clients/<str:client_no>/override/propose/", overrides.propose, name="propose"),
    path("saved/", saved.saved, name="saved"),
    path("saved/new/", builder.saved_new, name="saved_new"),
    path("saved/count/", builder.saved_count, name="saved_count"),
    path("saved/<int:pk>/", saved.saved_detail, name="saved_detail"),
    path("saved/<int:pk>/edit/", builder.saved_edit, name="saved_edit"),
    path("saved/<int:pk>/now/", saved.saved_now, name="saved_now"),
    path("saved/<int:pk>/moves/", saved.saved_moves, name="saved_moves"),
    path("saved/<int:pk>/archive/", saved.saved_archive, name="saved_archive"),
    path("saved/<int:pk>/restore/", saved.saved_restore, name="saved_restore"),
    path("clients/<str:client_no>/score/", clients.client_score, name="client_score"),
    path("clients/<str:client_no>/trend/", clients.client_trend, name="client_trend"),
    path("clients/<str:client_no>/months/", clients.client_months, name="client_months"),
    path("clients/<str:client_no>/tiers/", clients.client_tiers, name="client_tiers"),
]
urlpatterns = [path("segments/", include((segments, "segmentation")))]
