"""Forms of the scorecards."""

from kpis.forms.schemes import SchemeForm
from kpis.forms.targets import TargetForm

__all__ = ["SchemeForm", "TargetForm"]
