from django.urls import path

from kpis import api
from kpis.api import appeals, differences, proposals, reports, signing

urlpatterns = [
    path("client-reports/", reports.ClientReports.as_view(), name="api_client_reports"),
    path("client-reports/<str:period>/", reports.ClientReportDetail.as_view(), name="api_client_report"),
    path("report-proposals/", proposals.ReportProposals.as_view(), name="api_report_proposals"),
    path("report-proposals/<int:pk>/", proposals.ReportProposalDetail.as_view(), name="api_report_proposal"),
    path(
        "report-proposals/<int:pk>/<str:name>/",
        proposals.ReportProposalDeed.as_view(),
        name="api_report_proposal_deed",
    ),
    path("scorecards/", api.Scorecards.as_view(), name="api_scorecards"),
    path("scorecards/override-effect/", api.OverrideEffects.as_view(), name="api_override_effects"),
    path("scorecards/what-if/", api.WhatIf.as_view(), name="api_what_if"),
    path("scorecards/compare/", api.ScorecardComparison.as_view(), name="api_scorecard_compare"),
    path("scorecards/compare/clients/", api.DifferingClients.as_view(), name="api_scorecard_compare_clients"),
    path("scorecards/<int:pk>/", api.ScorecardDetail.as_view(), name="api_scorecard"),
    path("scorecards/<int:pk>/clients/", api.ScorecardClients.as_view(), name="api_scorecard_clients"),
    path("scorecards/league/", api.ScorecardLeague.as_view(), name="api_league"),
    path("scorecards/<int:pk>/tree/", api.ScorecardTree.as_view(), name="api_tree"),
    path("scorecards/<int:pk>/attention/", api.ScorecardAttention.as_view(), name="api_attention"),
    path(
        "scorecards/<int:pk>/attention/clients/",
        api.AttentionClients.as_view(),
        name="api_attention_clients",
    ),
    path("scorecards/<int:pk>/contributions/", api.Contributions.as_view(), name="api_contributions"),
    path("scorecards/<int:pk>/contribution-sum/", api.ContributionSum.as_view(), name="api_contribution_sum"),
    path(
        "scorecards/<int:pk>/contributions/<str:client_no>/",
        api.ClientContribution.as_view(),
        name="api_client_contribution",
    ),
    path("model-trials/<int:pk>/scorecards/", api.TrialScorecards.as_view(), name="api_trial_cards"),
    path("scorecards/frozen/", signing.FrozenScorecards.as_view(), name="api_frozen_scorecards"),
    path(
        "scorecards/<int:pk>/differences/", differences.ScorecardDifferences.as_view(), name="api_differences"
    ),
    path("scorecards/<int:pk>/sign-off/", signing.ScorecardSignOff.as_view(), name="api_sign_off"),
    path("scorecards/<int:pk>/sign-off/<str:deed>/", signing.SignOffDeed.as_view(), name="api_sign_off_deed"),
    path("kpi-targets/bulk/", api.ManyKpiTargets.as_view(), name="api_many_targets"),
    path("kpi-targets/return/", api.ReturnToFirm.as_view(), name="api_targets_return"),
    path("scorecard-appeals/", appeals.ScorecardAppeals.as_view(), name="api_appeals"),
    path("scorecard-appeals/<int:pk>/", appeals.ScorecardAppealDetail.as_view(), name="api_appeal"),
    path(
        "scorecard-appeals/<int:pk>/<str:deed>/",
        appeals.ScorecardAppealDeed.as_view(),
        name="api_appeal_deed",
    ),
    path("kpi-targets/", api.KpiTargets.as_view(), name="api_targets"),
    path(
        "kpi-targets/<int:pk>/approve/",
        api.TargetDecision.as_view(deed="approve"),
        name="api_targets_approve",
    ),
    path(
        "kpi-targets/<int:pk>/reject/", api.TargetDecision.as_view(deed="reject"), name="api_targets_reject"
    ),
    path("rewards/entries/", api.RewardEntries.as_view(), name="api_reward_entries"),
    path("rewards/runs/", api.RewardRuns.as_view(), name="api_reward_runs"),
    path("rewards/runs/<int:pk>/<str:name>/", api.RewardDeed.as_view(), name="api_reward_deed"),
    path("kpi-schemes/", api.KpiSchemes.as_view(), name="api_schemes"),
    path("kpi-schemes/<int:number>/", api.KpiScheme.as_view(), name="api_scheme"),
    path("kpi-schemes/drafts/", api.SchemeDrafts.as_view(), name="api_scheme_drafts"),
    path("kpi-schemes/drafts/<int:pk>/", api.SchemeDraftDetail.as_view(), name="api_scheme_draft"),
    path(
        "kpi-schemes/drafts/<int:pk>/<str:name>/", api.SchemeDraftDeed.as_view(), name="api_scheme_draft_deed"
    ),
]
