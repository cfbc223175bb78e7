"""REST of scorecards and targets (docs/scorecards.md)."""

from kpis.api.cards import ScorecardClients, ScorecardDetail, Scorecards
from kpis.api.effects import OverrideEffects
from kpis.api.targets import KpiTargets, TargetDecision

__all__ = [
    "KpiTargets", "OverrideEffects", "ScorecardClients", "ScorecardDetail", "Scorecards", "TargetDecision",
]  # fmt: skip
