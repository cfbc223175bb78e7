"""Scheme versions, targets, scorecards with their revisions, and who stands behind their counts."""

from kpis.models.appeals import Adjustment, AppealFile, CardAppeal
from kpis.models.cards import PeriodBuild, Scorecard, ScorecardLine, UnitType
from kpis.models.drafts import SchemeDraft
from kpis.models.passages import Passage, PassageGroup, TierMonth
from kpis.models.proposals import Proposal, ProposalCohort, ProposalMeasure
from kpis.models.reports import Report, ReportSection, ReportSubscription, ReportText
from kpis.models.rewards import RewardEntry, RewardRun
from kpis.models.scheme import SchemeGroup, SchemeVersion
from kpis.models.signing import Confirmation, SignOff, Stage, Terms
from kpis.models.targets import Target, TargetGroup
from kpis.models.trials import TrialCards

__all__ = [
    "Adjustment", "AppealFile", "CardAppeal", "Confirmation", "Passage", "PassageGroup", "PeriodBuild",
    "Proposal", "ProposalCohort", "ProposalMeasure", "Report", "ReportSection", "ReportSubscription",
    "ReportText", "RewardEntry", "RewardRun", "SchemeDraft", "SchemeGroup", "SchemeVersion", "Scorecard",
    "ScorecardLine", "SignOff", "Stage", "Target", "TargetGroup", "Terms", "TierMonth", "TrialCards",
    "UnitType",
]  # fmt: skip
