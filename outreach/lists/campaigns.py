"""Campaigns as a list, and a campaign's audience."""

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import formats
from core.lists import Column, ListFilters, ListPage
from interactions.models import Channel
from outreach.models import Campaign, CampaignMember


class CampaignFilters(ListFilters):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))
    state = django_filters.ChoiceFilter(choices=Campaign.State.choices, label=_("State"))


class CampaignList(ListPage):
    name = "campaigns"
    caption = _("Campaigns")
    filterset = CampaignFilters
    default_sort = "-starts_on"
    empty_words = _("No campaigns here")
    empty_advice = _("Write one, then choose its audience on the client list with “Add to a campaign”.")
    empty_icon = "megaphone"
    columns = (
        Column(
            "name", pgettext_lazy("campaign", "Campaign"), value="name", fixed=True,
            link=lambda row: reverse("campaigns:detail", args=[row.pk]),
        ),
        Column("state", _("State"), value=lambda row: row.get_state_display(), fixed=True),
        Column(
            "way", _("Channel"), small=False,
            value=lambda row: row.line.get_adapter_display() if row.line else Channel.PHONE.label,
        ),
        Column("starts_on", _("Starts on"), kind="day", sort="starts_on", descends=True),
        Column("ends_on", _("Ends on"), kind="day"),
        Column(
            "unit", _("Unit"), value=lambda row: row.unit.name if row.unit else _("The firm"), small=False
        ),
        Column("target", _("Target"), value=lambda row: row.get_target_display(), small=False),
    )  # fmt: skip


class MemberFilters(ListFilters):
    q = django_filters.CharFilter(
        field_name="client__client_no", lookup_expr="startswith", label=_("Client number")
    )
    place = django_filters.ChoiceFilter(
        choices=CampaignMember.Place.choices, label=pgettext_lazy("campaign", "Where they stand")
    )
    reason = django_filters.ChoiceFilter(choices=CampaignMember.Reason.choices, label=_("Left out because"))
    outcome = django_filters.ChoiceFilter(
        choices=CampaignMember.Outcome.choices, label=pgettext_lazy("campaign", "Outcome")
    )


def _sent(row: CampaignMember) -> str:
    """How far the message has come."""
    return row.delivery.get_state_display() if row.delivery else formats.DASH


class MemberList(ListPage):
    name = "campaign_members"
    caption = _("Audience")
    filterset = MemberFilters
    default_sort = "number"
    empty_words = _("Nobody here")
    empty_advice = _("Choose clients on the client list with “Add to a campaign”, or remove a filter.")
    empty_icon = "users"
    columns = (
        Column(
            "client", _("Client"), value=lambda row: f"{row.client.name} {row.client.client_no}", fixed=True,
            link=lambda row: reverse("clients:detail", args=[row.client.client_no]),
        ),
        Column("number", _("Order"), value="pk", sort="id", shown=False, small=False),
        Column("tier", _("Tier"), kind="tier"),
        Column(
            "place", pgettext_lazy("campaign", "Where they stand"), value=lambda row: row.get_place_display()
        ),
        Column("reason", _("Left out because"), value=lambda row: row.get_reason_display() or formats.DASH),
        Column(
            "assignee", _("Who calls"), small=False,
            value=lambda row: row.assignee.name if row.assignee else formats.DASH,
        ),
        Column(
            "outcome", pgettext_lazy("campaign", "Outcome"),
            value=lambda row: row.get_outcome_display() or _sent(row),
        ),
        Column("attempts", _("Attempts"), value="attempts", kind="number", small=False),
        Column("converted", _("Met the target"), value="converted", kind="yes_no", shown=False),
    )  # fmt: skip
