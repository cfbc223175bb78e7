"""What goes out, as a list: what waits and why, what was sent, what came back."""

import django_filters
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Consent
from core.lists import Column, ListFilters, ListPage
from interactions.models import Delivery
from interactions.queries.reasons import reason_words


class DeliveryFilters(ListFilters):
    state = django_filters.MultipleChoiceFilter(choices=Delivery.State.choices, label=_("State"))
    purpose = django_filters.ChoiceFilter(choices=Consent.Purpose.choices, label=_("Purpose"))
    line = django_filters.CharFilter(field_name="line__code", label=pgettext_lazy("channel", "Line"))
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))


def _client(row: Delivery) -> str:
    return f"{row.client.name} {row.client.client_no}" if row.client else _now("Not known yet")


class DeliveryList(ListPage):
    name = "deliveries"
    caption = _("Messages sent")
    filterset = DeliveryFilters
    default_sort = "-requested_at"
    empty_words = _("Nothing was sent yet")
    empty_advice = _("Answers at the desk and messages ordered by other systems appear here.")
    empty_icon = "send"
    columns = (
        Column("requested_at", _("When"), kind="moment", sort="requested_at", descends=True, fixed=True),
        Column("client", _("Client"), value=_client, fixed=True),
        Column("line", pgettext_lazy("channel", "Line"), value="line__name"),
        Column("purpose", _("Purpose"), value=lambda row: row.get_purpose_display(), small=False),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
        Column("reason", _("Why"), value=reason_words, small=False),
        Column("attempts", _("Attempts"), kind="number", value="attempts", small=False),
        Column("requested_by", _("By"), value="requested_by", small=False),
    )
