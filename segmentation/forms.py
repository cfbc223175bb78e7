"""The choices above the segments page, and what the deeds on a tier by hand ask."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.templatetags.ui import tier_names
from outreach.forms.tasks import DayInput
from segmentation.actions.overrides import LONGEST_ANSWER, LONGEST_REASON, Wish
from segmentation.queries.overrides import tiers_to_give


class SegmentsForm(forms.Form):
    """Which date is shown, for which unit, and between which dates migration is counted."""

    as_of = forms.ChoiceField(label=_("As of"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    manager = forms.CharField(label=_("Manager number"), max_length=20, required=False)
    start = forms.ChoiceField(label=_("Migration from"), required=False)
    end = forms.ChoiceField(label=_("Migration to"), required=False)

    def __init__(
        self, data: Any, *, days: list[date], units: list[tuple[str, str]], with_migration: bool = True
    ) -> None:
        super().__init__()
        self.data = data
        choices = [(day.isoformat(), formats.day(day)) for day in days]
        for name in ("as_of", "start", "end"):
            self._field(name).choices = choices
        self._field("unit").choices = units
        self.days = days
        if not with_migration:
            del self.fields["start"], self.fields["end"]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def chosen(self, name: str, default: date) -> date:
        """The chosen date, or the default where none or an unknown one was given."""
        text = self.data.get(name, "")
        return next((day for day in self.days if day.isoformat() == text), default)

    @property
    def manager_no(self) -> str:
        return str(self.data.get("manager", "")).strip()

    def chosen_unit(self) -> str:
        """The unit in the words of `units.named`; a manager goes before a unit."""
        return f"manager:{self.manager_no}" if self.manager_no else str(self.data.get("unit", ""))

    def show(self, **days: date) -> None:
        """Sets what the fields show: what was chosen, or the defaults."""
        told = {"unit": self.data.get("unit", ""), "manager": self.manager_no}
        self.initial = {name: day.isoformat() for name, day in days.items()} | told


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
