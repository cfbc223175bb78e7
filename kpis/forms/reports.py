"""Forms of client analysis reports: a section's text, why one is sent back, which month to draft."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.actions.reports import LONGEST_REASON, LONGEST_TEXT
from kpis.models import ReportSubscription, ReportText
from kpis.rules import Period, parse_period

MARKS = _("## heading, - list, 1. steps, > note, **bold**, [words](address)")

NEVER, AT_ONCE = "never", "release"


class SectionForm(forms.Form):
    """What a section says; `number` is that of the text the writer began from."""

    text_zh = forms.CharField(
        label=_("Text in Chinese"), max_length=LONGEST_TEXT, required=False, help_text=MARKS,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_TEXT, required=False,
        help_text=_("Left empty, the Chinese is shown."), widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip
    number = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, text: ReportText) -> "SectionForm":
        return cls(initial={"text_zh": text.text_zh, "text_en": text.text_en, "number": text.number})


class BackForm(forms.Form):
    """Why a submitted report is a draft again."""

    why = forms.CharField(label=_("Why"), max_length=LONGEST_REASON)


class SubscriptionForm(forms.Form):
    """Whether and when released reports come by mail."""

    when = forms.ChoiceField(label=_("By mail"))

    def __init__(self, data: object = None, subscription: ReportSubscription | None = None) -> None:
        now = NEVER if subscription is None else str(subscription.day or AT_ONCE)
        super().__init__(data, initial={"when": now})  # type: ignore[arg-type]
        field = self.fields["when"]
        assert isinstance(field, forms.ChoiceField)
        days = [(str(day), _("On day %(day)s of the month, 8:00") % {"day": day}) for day in range(1, 29)]
        field.choices = [(NEVER, _("Not by mail")), (AT_ONCE, _("As soon as it is released")), *days]

    @property
    def wanted(self) -> bool:
        return bool(self.cleaned_data["when"] != NEVER)

    @property
    def day(self) -> int | None:
        """None: as soon as it is released."""
        when = self.cleaned_data["when"]
        return None if when == AT_ONCE else int(when)


class MonthForm(forms.Form):
    """A month that is over and has no report yet."""

    period = forms.ChoiceField(label=_("Month"))

    def __init__(self, data: object, months: Iterable[Period]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(month.name, month.name) for month in months]

    @property
    def month(self) -> Period:
        return parse_period(self.cleaned_data["period"])
