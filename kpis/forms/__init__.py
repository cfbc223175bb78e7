"""Forms of the scorecards."""

from kpis.forms.targets import TargetForm

__all__ = ["TargetForm"]
