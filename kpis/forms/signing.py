"""Forms of the sign-off: the reason of a deed, and the terms."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpis.models import Terms
from kpis.models.signing import REASON

MOST_DAYS = 60
DAYS = ("settle_days", "confirm_days", "sign_days", "appeal_days", "answer_days")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON, required=False, widget=forms.Textarea({"rows": 3})
    )


class TermsForm(forms.Form):
    """How long things may take, in trading days, for periods that end on a day or later."""

    effective_on = forms.DateField(
        label=_("For periods that end on or after"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    settle_days = forms.IntegerField(label=_("Days until cards are ready"), min_value=0, max_value=MOST_DAYS)
    confirm_days = forms.IntegerField(label=_("Days to confirm"), min_value=1, max_value=MOST_DAYS)
    sign_days = forms.IntegerField(label=_("Days to sign"), min_value=1, max_value=MOST_DAYS)
    appeal_days = forms.IntegerField(label=_("Days to appeal"), min_value=1, max_value=MOST_DAYS)
    answer_days = forms.IntegerField(label=_("Days to answer an appeal"), min_value=1, max_value=MOST_DAYS)
    is_required = forms.BooleanField(label=_("Cards have to be signed"), required=False)

    @classmethod
    def of(cls, standing: Terms) -> "TermsForm":
        """Filled with what is in force, from today on."""
        values = {name: getattr(standing, name) for name in (*DAYS, "is_required")}
        return cls(initial={**values, "effective_on": timezone.localdate()})
