"""What the timeline is narrowed to."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.registry import Place, TimelineChoices, TimelineFilter

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = {"type": "date"}


class TimelineForm(forms.Form):
    """Every field may stay empty; what cannot be read asks for everything."""

    kind = forms.MultipleChoiceField(required=False, label=_("Kind"), widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField(required=False, label=_("Channel"))
    who = forms.ChoiceField(required=False, label=_("Person"))
    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    until = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any, offered: TimelineChoices) -> None:
        super().__init__(data, auto_id="timeline_%s")
        self.fields["kind"].choices = offered.kinds  # type: ignore[attr-defined]
        self._choose("channel", _("Every channel"), offered.channels)
        self._choose("who", _("Everybody"), offered.people)
        self.is_valid()

    def _choose(self, name: str, everything: Any, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> TimelineFilter:
        told = self.cleaned_data
        return TimelineFilter(
            kinds=frozenset(told.get("kind") or ()),
            channel=told.get("channel") or "",
            who=told.get("who") or "",
            since=told.get("since"),
        )

    @property
    def top(self) -> Place:
        """The place that everything wanted lies below: now, or the end of the last day."""
        last: date | None = self.cleaned_data.get("until")
        if last is None or last >= timezone.localdate():
            return Place(timezone.now())
        return Place(datetime.combine(last + timedelta(days=1), time(0), SHANGHAI))
