"""What the deeds on a tier by hand ask."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import tier_names
from outreach.forms.tasks import DayInput
from segmentation.actions.overrides import LONGEST_ANSWER, LONGEST_REASON, Wish
from segmentation.queries.overrides import tiers_to_give


class OverrideForm(forms.Form):
    """A tier that somebody wants for a client in place of the one that the rules give."""

    tier = forms.ChoiceField(label=_("Tier"))
    from_on = forms.DateField(label=_("From"), widget=DayInput)
    until_on = forms.DateField(
        label=_("Until"), widget=DayInput, help_text=_("The last day; at most twelve months.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever approves it, and everybody who sees the tier, reads this."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"from_on": timezone.localdate()})
        field: Any = self.fields["tier"]
        names = tier_names()
        field.choices = [(code, names.get(code, code)) for code in tiers_to_give()]

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


class AnswerForm(forms.Form):
    """Why an override is declined or withdrawn."""

    why = forms.CharField(label=_("Why"), max_length=LONGEST_ANSWER)
