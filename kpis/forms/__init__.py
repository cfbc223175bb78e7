"""Forms of the scorecards."""

from kpis.forms.schemes import SchemeForm
from kpis.forms.targets import TargetForm
from kpis.forms.whatif import WhatIfForm

__all__ = ["SchemeForm", "TargetForm", "WhatIfForm"]
