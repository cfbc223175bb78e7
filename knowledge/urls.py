from django.urls import include, path

from knowledge.views import articles, files, inspections, plans, scripts

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
    path("<int:pk>/files/", files.add, name="files"),
    path("<int:pk>/files/<uuid:key>/", files.file, name="file"),
    path("<int:pk>/files/<uuid:key>/off/", files.take_off, name="file_off"),
    path("<int:pk>/vote/", articles.vote, name="vote"),
    path("<int:pk>/used/", articles.used, name="used"),
    path("<int:pk>/owner/", articles.hand_over, name="owner"),
    path("<int:pk>/report/", articles.report, name="report"),
    path("<int:pk>/report/<int:feedback>/settle/", articles.settle, name="settle"),
    path("<int:pk>/<slug:deed>/", articles.article_deed, name="deed"),
]
quality_pages = [
    path("", inspections.inspection_list, name="list"),
    path("figures/", inspections.figures, name="figures"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/draw/", plans.draw, name="draw"),
    path("forms/new/", plans.sheet_new, name="sheet_new"),
    path("forms/<slug:code>/", plans.sheet, name="sheet"),
    path("calibrations/", plans.calibrations, name="calibrations"),
    path("calibrations/new/", plans.calibration_new, name="calibration_new"),
    path("calibrations/<int:pk>/", plans.calibration, name="calibration"),
    path("<int:pk>/", inspections.inspection, name="inspection"),
    path("<int:pk>/take/", inspections.take, name="take"),
    path("<int:pk>/score/", inspections.score, name="score"),
    path("<int:pk>/appeal/", inspections.appeal, name="appeal"),
    path("<int:pk>/appeal/answer/", inspections.answer_appeal, name="answer"),
]
urlpatterns = [
    path("scripts/", include((script_pages, "scripts"))),
    path("knowledge/", include((article_pages, "articles"))),
    path("quality/", include((quality_pages, "quality"))),
]
