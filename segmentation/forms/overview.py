"""The choices above the segments page."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import formats


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
