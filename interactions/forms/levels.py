"""What a reader asks of the service levels, and the upload of recordings."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interactions import levels
from interactions.models import Channel, Line
from interactions.queries.levels import MOST_DAYS, Wanted, agents_for, units_for

LARGEST_FILE = 20 * 1024**2
DATE = forms.DateInput(attrs={"type": "date"})


class LevelsForm(forms.Form):
    """The filters of the history page, as they stand in the address."""

    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All")), *Channel.choices]
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    agent = forms.ChoiceField(label=_("Agent"), required=False)

    def __init__(self, data: Any, *, reader: Any) -> None:
        super().__init__(data)
        now = levels.today()
        units = [(one.code, one.name) for one in units_for(reader)]
        people = agents_for(reader, now - timedelta(days=MOST_DAYS), now)
        self._choices("unit", units)
        self._choices("agent", [(one.username, one.name) for one in people])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *choices]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        last = told.get("until") or levels.today()
        first = told.get("since") or last - timedelta(days=6)
        if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("The period is empty or longer than 400 days."))
        return told | {"since": first, "until": last}

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(
            first=told["since"], last=told["until"], channel=told["channel"], unit=told["unit"],
            agent=told["agent"],
        )  # fmt: skip


class RecordingsForm(forms.Form):
    """A file of recordings of one line."""

    line = forms.ModelChoiceField(
        label=pgettext_lazy("channel", "Line"), queryset=Line.objects.none(), to_field_name="code"
    )
    table = forms.FileField(label=_("File (CSV or XLSX)"))
    dry_run = forms.BooleanField(label=_("Only check, write nothing"), required=False, initial=True)

    def __init__(self, *args: Any, reader: Any) -> None:
        super().__init__(*args)
        lines, scope = Line.objects.filter(active=True), reader.scope_for("recordings.import")
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines if scope.firm else lines.filter(unit_id__in=scope.unit_ids)

    def clean_table(self) -> Any:
        table = self.cleaned_data["table"]
        if table.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MiB."))
        return table
