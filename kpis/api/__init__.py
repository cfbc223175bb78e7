"""REST of scorecards, targets and schemes (docs/scorecards.md)."""

from kpis.api.cards import ScorecardClients, ScorecardDetail, Scorecards
from kpis.api.compared import DifferingClients, ScorecardComparison
from kpis.api.contributions import ClientContribution, Contributions, ContributionSum
from kpis.api.effects import OverrideEffects
from kpis.api.rewards import RewardDeed, RewardEntries, RewardRuns
from kpis.api.schemes import KpiScheme, KpiSchemes, SchemeDraftDeed, SchemeDraftDetail, SchemeDrafts
from kpis.api.standing import AttentionClients, ScorecardAttention, ScorecardLeague, ScorecardTree
from kpis.api.targets import KpiTargets, ManyKpiTargets, ReturnToFirm, TargetDecision
from kpis.api.trials import TrialScorecards
from kpis.api.whatif import WhatIf

__all__ = [
    "AttentionClients", "ClientContribution", "ContributionSum", "Contributions", "DifferingClients",
    "KpiScheme", "KpiSchemes", "KpiTargets", "ManyKpiTargets", "OverrideEffects", "ReturnToFirm",
    "RewardDeed", "RewardEntries", "RewardRuns", "SchemeDraftDeed", "SchemeDraftDetail", "SchemeDrafts",
    "ScorecardAttention", "ScorecardClients", "ScorecardComparison", "ScorecardDetail",
    "ScorecardLeague", "ScorecardTree", "Scorecards", "TargetDecision", "TrialScorecards", "WhatIf",
]  # fmt: skip
