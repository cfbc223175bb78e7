"""What the deeds on one due contact ask."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.actions.log import Entry
from interactions.forms.log import CategoryField
from interactions.models import Category, Channel, Interaction
from interactions.queries.log import categories_in_use
from outreach.actions.due import LONGEST_REASON
from outreach.forms.tasks import DayInput

CATEGORY = "care.review"


class ContactForm(forms.Form):
    """A contact logged from an entry: ours, by the way that the plan prefers, unless said otherwise."""

    summary = forms.CharField(
        label=_("What was said"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "c", "autofocus": ""}),
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    direction = forms.ChoiceField(
        label=_("Direction"), choices=Interaction.Direction.choices, initial=Interaction.Direction.OUTBOUND
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, initial=5)
    category = CategoryField(
        queryset=Category.objects.none(), to_field_name="code", label=_("Category"), empty_label=None,
        initial=CATEGORY,
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Interaction.Outcome.choices)

    def __init__(self, data: Any = None, *, way: str = Channel.PHONE) -> None:
        super().__init__(data, initial={"channel": way})
        field: Any = self.fields["category"]
        field.queryset = categories_in_use()

    def entry(self) -> Entry:
        """It ended now and began its minutes ago."""
        given, ended = self.cleaned_data, timezone.now()
        spoken = given["channel"] in (Channel.PHONE, Channel.VISIT)
        return Entry(
            channel=given["channel"], direction=given["direction"], category=given["category"].code,
            summary=given["summary"], started_at=ended - timedelta(minutes=given["minutes"]), ended_at=ended,
            minutes=Decimal(given["minutes"]), messages=0 if spoken else 1, outcome=given["outcome"],
        )  # fmt: skip


class CallForm(forms.Form):
    """What came of a call for an entry; the buttons give the outcome. Words may be missing: then the outcome
    stands in the log."""

    outcome = forms.ChoiceField(choices=Interaction.Outcome.choices, widget=forms.HiddenInput)
    summary = forms.CharField(
        label=_("What was said"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "m"}),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, initial=5)
    category = CategoryField(
        queryset=Category.objects.none(), to_field_name="code", label=_("Category"), empty_label=None,
        initial=CATEGORY,
    )  # fmt: skip
    follow_up_on = forms.DateField(label=_("Follow up on"), widget=DayInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["category"]
        field.queryset = categories_in_use()

    def entry(self) -> Entry:
        """A call of ours that ended now and began its minutes ago."""
        given, ended = self.cleaned_data, timezone.now()
        words = given["summary"] or str(Interaction.Outcome(given["outcome"]).label)
        return Entry(
            channel=Channel.PHONE, direction=Interaction.Direction.OUTBOUND, category=given["category"].code,
            summary=words, started_at=ended - timedelta(minutes=given["minutes"]), ended_at=ended,
            minutes=Decimal(given["minutes"]), outcome=given["outcome"], follow_up_on=given["follow_up_on"],
        )  # fmt: skip


class PutOffForm(forms.Form):
    until = forms.DateField(label=_("Put off until"), widget=DayInput)


class CloseForm(forms.Form):
    why = forms.CharField(label=_("Why without a contact"), max_length=LONGEST_REASON)


def later() -> list[tuple[date, str]]:
    """The days that are offered at once."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    return [
        (today + timedelta(days=1), str(_("Tomorrow"))),
        (today + timedelta(days=3), str(_("In 3 days"))),
        (monday, str(_("Next Monday"))),
    ]
