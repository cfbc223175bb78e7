from django.urls import include, path

from kpis import views
from kpis.views import proposals, report_files, signing
from kpis.views import reports as pages

kpis = [
    path("", views.scorecard, name="scorecard"),
    path("overrides/", views.overridden, name="overridden"),
    path("league/", views.league, name="league"),
    path("targets/", views.targets, name="targets"),
    path("targets/grid/", views.target_grid, name="target_grid"),
    path("targets/grid/xlsx/", views.target_grid_xlsx, name="target_grid_xlsx"),
    path("targets/grid/preview/", views.target_preview, name="target_preview"),
    path("targets/grid/set/", views.set_targets, name="set_targets"),
    path("targets/grid/faults/", views.target_faults, name="target_faults"),
    path("targets/history/", views.target_history, name="target_history"),
    path("targets/answer/<str:answer>/", views.answer_all_targets, name="answer_all_targets"),
    path("targets/<int:pk>/<str:answer>/", views.answer_targets, name="answer_targets"),
    path("rewards/", views.rewards_page, name="rewards"),
    path("rewards/units/", views.reward_history, name="reward_history"),
    path("rewards/file/<str:form>/", views.rewards_file, name="rewards_file"),
    path("rewards/<int:pk>/<str:deed>/", views.reward_deed, name="reward_deed"),
    path("what-if/", views.what_if, name="what_if"),
    path("what-if/xlsx/", views.what_if_xlsx, name="what_if_xlsx"),
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/new/", views.begin_scheme, name="begin_scheme"),
    path("schemes/<int:number>/", views.scheme, name="scheme"),
    path("schemes/drafts/<int:pk>/", views.scheme_draft, name="scheme_draft"),
    path("schemes/drafts/<int:pk>/<str:deed>/", views.scheme_deed, name="scheme_deed"),
    path("trials/<int:pk>/", views.trial_cards, name="trial_cards"),
    path("sign-off/", signing.sign_offs, name="sign_offs"),
    path("sign-off/terms/", signing.terms, name="terms"),
    path("<int:pk>/sign-off/", signing.card_sign_off, name="card_sign_off"),
    path("<int:pk>/sign-off/<str:deed>/", signing.sign_off_deed, name="sign_off_deed"),
    path("compare/", views.side_by_side, name="side_by_side"),
    path("<int:pk>/why/", views.why, name="why"),
    path("<int:pk>/differing/", views.differing, name="differing"),
    path("<int:pk>/clients/", views.members, name="members"),
    path("<int:pk>/xlsx/", views.as_xlsx, name="xlsx"),
    path("<int:pk>/pdf/", views.as_pdf, name="pdf"),
]
reports = [
    path("", pages.report_list, name="list"),
    path("mail/", pages.report_mail, name="mail"),
    path("draft/", pages.report_draft, name="draft"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/edit/", proposals.proposal_edit, name="proposal_edit"),
    path("proposals/<int:pk>/clients/", proposals.proposal_clients, name="proposal_clients"),
    path("proposals/<int:pk>/<str:deed>/", proposals.proposal_deed, name="proposal_deed"),
    path("<str:period>/proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("<str:period>/", pages.report, name="detail"),
    path("<str:period>/xlsx/", report_files.report_as_xlsx, name="xlsx"),
    path("<str:period>/pdf/", report_files.report_as_pdf, name="pdf"),
    path("<str:period>/refresh/", pages.report_refresh, name="refresh"),
    path("<str:period>/deed/<str:deed>/", pages.report_deed, name="deed"),
    path("<str:period>/sections/<str:key>/", pages.report_section, name="section"),
    path("<str:period>/sections/<str:key>/texts/", pages.report_texts, name="texts"),
]
urlpatterns = [
    path("scorecards/", include((kpis, "kpis"))),
    path("reports/", include((reports, "reports"))),
]
