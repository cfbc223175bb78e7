"""The forms of the service plan: its day and its tiers; and of what to do on each worklist."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.models import Channel
from outreach.actions.service import LONGEST_ADVICE, LONGEST_RESPONSE, TierTold
from outreach.forms.tasks import DayInput
from outreach.models import DueList, ServicePlan, ServiceTier, Suggestion
from outreach.models.service import LONGEST_RHYTHM, TIERS

WAYS = ("way_1", "way_2", "way_3", "way_4")
TEXT = {"rows": 2}


class PlanDayForm(forms.Form):
    effective_on = forms.DateField(
        label=_("In force from"), widget=DayInput, help_text=_("A day after today.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _way(label: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "–"), *Channel.choices], required=required)


class TierForm(forms.Form):
    """What the plan says of one tier."""

    tier = forms.CharField(widget=forms.HiddenInput)
    rhythm_days = forms.IntegerField(
        label=_("Contact every ... days"), min_value=1, max_value=LONGEST_RHYTHM, required=False,
        help_text=_("Empty: no contact is due."),
    )  # fmt: skip
    first_response = forms.IntegerField(
        label=_("First response within minutes"), min_value=1, max_value=LONGEST_RESPONSE
    )
    adviser = forms.ChoiceField(label=_("Adviser"), choices=ServiceTier.Adviser.choices)
    way_1 = _way(_("First way of contact"), required=True)
    way_2 = _way(_("Second way"))
    way_3 = _way(_("Third way"))
    way_4 = _way(_("Fourth way"))
    entitled_zh = forms.CharField(
        label=_("Entitled to, Chinese"), max_length=500, widget=forms.Textarea(attrs=TEXT), required=False
    )
    entitled_en = forms.CharField(
        label=_("Entitled to, English"), max_length=500, widget=forms.Textarea(attrs=TEXT), required=False
    )
    products_zh = forms.CharField(label=_("Products of interest, Chinese"), max_length=300, required=False)
    products_en = forms.CharField(label=_("Products of interest, English"), max_length=300, required=False)

    @property
    def code(self) -> str:
        """The tier, as the form was made for it."""
        return str(self["tier"].value())

    def told(self) -> TierTold:
        given = dict(self.cleaned_data)
        ways = [given.pop(name) for name in WAYS]
        return TierTold(**given, channels=[way for way in ways if way])


TierForms = forms.formset_factory(TierForm, extra=0, max_num=len(TIERS), validate_max=True)


def initial_of(plan: ServicePlan | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the forms begin with: the plan's day and version while it is a draft, and its tiers."""
    if plan is None or plan.is_published:
        day: dict[str, Any] = {"effective_on": _first_of_next_month(), "version": 0}
    else:
        day = {"effective_on": plan.effective_on, "version": plan.version}
    held = {tier.tier: tier for tier in plan.tiers.all()} if plan else {}
    return day, [_tier(code, held.get(code)) for code in TIERS]


def _first_of_next_month() -> date:
    return (timezone.localdate().replace(day=28) + timedelta(days=4)).replace(day=1)


def _tier(code: str, held: ServiceTier | None) -> dict[str, Any]:
    if held is None:
        return {"tier": code}
    names = ("rhythm_days", "first_response", "adviser", "entitled_zh", "entitled_en", "products_zh")
    texts = {name: getattr(held, name) for name in (*names, "products_en")}
    return {"tier": code, **texts, **dict(zip(WAYS, held.channels, strict=False))}


class SuggestionForm(forms.Form):
    list = forms.ChoiceField(choices=DueList.choices, widget=forms.HiddenInput)
    text_zh = forms.CharField(label=_("Chinese"), max_length=LONGEST_ADVICE)
    text_en = forms.CharField(label=_("English"), max_length=LONGEST_ADVICE)

    @property
    def words(self) -> str:
        return str(DueList(self["list"].value()).label) if self["list"].value() in DueList.values else ""


SuggestionForms = forms.formset_factory(SuggestionForm, extra=0, max_num=len(DueList), validate_max=True)


def suggestions_initial(rows: Iterable[Suggestion]) -> list[dict[str, str]]:
    """In the order of the lists."""
    held = {row.list: row for row in rows}
    return [
        {"list": name, "text_zh": held[name].text_zh, "text_en": held[name].text_en}
        for name in DueList.values
        if name in held
    ]
