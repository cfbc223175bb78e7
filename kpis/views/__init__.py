"""Pages of the scorecards, a file for each kind of work."""

from kpis.views.cards import as_pdf, as_xlsx, members, overridden, scorecard
from kpis.views.league import league
from kpis.views.targets import answer_targets, targets

__all__ = [
    "answer_targets", "as_pdf", "as_xlsx", "league", "members", "overridden", "scorecard", "targets",
]  # fmt: skip
