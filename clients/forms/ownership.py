"""What a hand-over asks: the new branch and manager, from when on, why."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients.actions.ownership import Owner, check_terms
from clients.queries import ownership as queries
from core.bulk import BulkForm
from core.errors import Conflict
from core.months import month_of
from staff.models import Unit

MOST_MANAGERS = 50


class HandOverForm(BulkForm):
    """For one client or many; several managers share the clients evenly."""

    branch = forms.ModelChoiceField(
        queryset=Unit.objects.none(), to_field_name="code", label=_lazy("New branch"), empty_label=None
    )
    managers = forms.CharField(
        label=_lazy("New manager"),
        required=False,
        max_length=1000,
        help_text=_lazy(
            "The manager's number; several, with commas between them, share the clients evenly. "
            "Empty: the branch as a whole."
        ),
    )
    from_date = forms.DateField(
        label=_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_lazy("Not before the first day of this month: past months stay with the former owner."),
    )
    reason = forms.CharField(label=_lazy("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, person: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, person=person)
        today = timezone.localdate()
        self.initial = {"from_date": today} | (initial or {})
        branches = queries.target_branches(person)
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["from_date"].widget.attrs["min"] = month_of(today).isoformat()
        self.fields["managers"].widget.attrs |= {"list": "known-managers", "autocomplete": "off"}
        self.known_managers = queries.managers_of(branches)

    def clean_managers(self) -> list[str]:
        """The numbers, each once, in the order written."""
        written = self.cleaned_data["managers"].replace("，", ",").replace("、", ",").split(",")
        numbers = list(dict.fromkeys(number.strip().upper() for number in written if number.strip()))
        if len(numbers) > MOST_MANAGERS:
            raise forms.ValidationError(_("At most %(most)s managers.") % {"most": MOST_MANAGERS})
        return numbers

    def clean(self) -> dict[str, Any]:
        """The same words as the deed itself would say."""
        given = super().clean() or {}
        if not self.errors:
            try:
                check_terms(
                    actor=self.person,
                    owners=self.owners(),
                    from_date=given["from_date"],
                    today=timezone.localdate(),
                )
            except Conflict as refusal:
                field = {"manager": "managers", "branch": "branch"}.get(refusal.code, "from_date")
                self.add_error(field, refusal.message)
        return given

    def owners(self) -> list[Owner]:
        branch, managers = self.cleaned_data["branch"], self.cleaned_data["managers"]
        return [Owner(branch, number) for number in managers or [""]]

    def frozen(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "branch": given["branch"].code, "from_date": given["from_date"].isoformat()}

    def summary(self) -> str:
        given = self.cleaned_data
        to = ", ".join([given["branch"].name, *given["managers"]])
        return _("to %(owner)s from %(day)s") % {"owner": to, "day": given["from_date"].isoformat()}


class OneHandOverForm(HandOverForm):
    """For a single client there is one manager."""

    def __init__(self, data: Any = None, *, person: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, person=person, initial=initial)
        self.fields["managers"].help_text = _("The manager's number. Empty: the branch as a whole.")

    def clean_managers(self) -> list[str]:
        numbers = super().clean_managers()
        if len(numbers) > 1:
            raise forms.ValidationError(_("One client has one manager."))
        return numbers


class LeavingForm(HandOverForm):
    """All clients of a manager who leaves."""

    def __init__(
        self, data: Any = None, *, person: Any, initial: dict[str, Any] | None = None, manager_no: str = ""
    ) -> None:
        super().__init__(data, person=person, initial=initial)
        self.manager_no = manager_no

    def clean_managers(self) -> list[str]:
        numbers = super().clean_managers()
        if self.manager_no in numbers:
            raise forms.ValidationError(_("The leaving manager cannot be the new one."))
        return numbers


def frozen_terms(data: dict[str, Any]) -> tuple[list[Owner], date, str]:
    """What a form froze: the new owners, the date and the reason."""
    branch = Unit.objects.get(code=data["branch"])
    owners = [Owner(branch, number) for number in data["managers"] or [""]]
    return owners, date.fromisoformat(data["from_date"]), data["reason"]
