"""The arithmetic of the scorecard (docs/scorecards.md): pure functions, exact numbers, no database.

Money in CNY, rates as fractions, scores 0..cap. Nothing is rounded here; a missing value is None, never 0.
"""

from kpis.rules.card import CardInputs, Group, Rate, TierPart, Worked, work_out
from kpis.rules.numbers import half_up
from kpis.rules.passages import COUNTS, Passage, counted, identity_holds
from kpis.rules.periods import Period, parse_period
from kpis.rules.profits import Profits, TierFacts
from kpis.rules.scheme import Limits, Scheme, Targets

__all__ = [
    "COUNTS", "CardInputs", "Group", "Limits", "Passage", "Period", "Profits", "Rate", "Scheme", "Targets",
    "TierFacts", "TierPart", "Worked", "counted", "half_up", "identity_holds", "parse_period", "work_out",
]  # fmt: skip
