"""Reads of client records that pages and API share."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import Account, Client, ClientTag, Opened, ScopedQuerySet
from clients.queries.suitability import assessment_of
from clients.search import Search
from core import formats

PALETTE_ROWS = 8


def listed(user: Any) -> ScopedQuerySet:
    """The clients somebody may see, with what a list shows of them; merged ones are in their survivors."""
    clients = Client.objects.visible_to(user).filter(merged_into__isnull=True)
    return clients.select_related("branch", "standing")


def shown_name(client: Client, user: Any) -> str:
    """The name for those who serve the client; masked for those who see figures without identity."""
    return name_for(client.name, user)


def name_for(name: str, user: Any) -> str:
    """A client's name as `shown_name` gives it."""
    return name if user.scope.identity else formats.mask_name(name)


def found(user: Any, typed: str, limit: int = PALETTE_ROWS) -> list[Client]:
    """The best matches for what was typed: exact ones first, then the reader's own clients."""
    return _in_order(user, Search(user, typed).ids(limit))


def opened_last(user: Any, limit: int = PALETTE_ROWS) -> list[Client]:
    """The clients whose pages this person opened last, newest first."""
    newest = Opened.objects.filter(person_id=user.pk).order_by("-at")
    return _in_order(user, list(newest.values_list("client_id", flat=True)[:limit]))


def _in_order(user: Any, ids: list[int]) -> list[Client]:
    by_id = listed(user).in_bulk(ids)
    return [by_id[pk] for pk in ids if pk in by_id]


@dataclass(frozen=True)
class Profile:
    """A client's personal data as the reader may see it: masked, or empty without identity."""

    id_number: str
    mobile: str
    email: str
    address: str


def profile(client: Client, user: Any) -> Profile:
    if not user.scope.identity:
        return Profile("", "", "", "")
    values = {
        field: identifiers.masked(client.client_no, field, getattr(client, field))
        for field in identifiers.SEALED_FIELDS
    }
    return Profile(**values)


def tag_names(client: Client) -> list[str]:
    """The tags on the client, in order."""
    found = ClientTag.objects.filter(client_id__in=client.record_ids).order_by("tag__name")
    return list(found.values_list("tag__name", flat=True).distinct())


def accounts_of(client: Client) -> QuerySet[Account]:
    """The accounts of the record and of those merged into it."""
    return Account.objects.filter(client__in=client.record_ids).order_by("closed_on", "account_no")


@dataclass(frozen=True)
class Warning:
    """Something about the client that needs doing, in the reader's words; where on the page it is done."""

    title: str
    text: str
    action: str
    place: str


REMIND_BEFORE = timedelta(days=30)


def warnings(client: Client, today: date) -> list[Warning]:
    """Documents and assessments that have run out or soon will (30 days)."""
    found = []
    if client.id_expires_on and client.id_expires_on <= today + REMIND_BEFORE:
        words = _("Identity document valid to %(day)s.") % {"day": client.id_expires_on}
        text = _("Ask the client for the renewed document.")
        found.append(Warning(words, text, _("Log a contact"), "#id_line"))
    until = assessment_of(client).valid_to
    if until and until <= today + REMIND_BEFORE:
        words = _("Risk assessment valid to %(day)s.") % {"day": until}
        text = _("Until it is renewed no product may be recommended.")
        found.append(Warning(words, text, _("Check suitability"), "#suitability"))
    return found
