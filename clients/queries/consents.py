"""What a client allows: the newest word on each channel and purpose, and whether it may be contacted."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, Consent, ContactStop

Channel, Purpose = Consent.Channel, Consent.Purpose
ALLOWED_UNASKED = frozenset({Purpose.SERVICE})  # docs/decisions/0033


@dataclass(frozen=True)
class Answer:
    """Whether a client may be contacted, and why (not), in the reader's language."""

    allowed: bool
    reason: str


@dataclass(frozen=True)
class Cell:
    """One channel and purpose: allowed or not, by a word of the client or by default (row is None)."""

    channel: str
    purpose: str
    row: Consent | None

    @property
    def allowed(self) -> bool:
        if self.row is None:
            return self.purpose in ALLOWED_UNASKED
        return self.row.state == Consent.State.GIVEN

    @property
    def reason(self) -> str:
        if self.row is None:
            return _("Allowed until withdrawn") if self.allowed else _("No consent yet")
        return _("Consent given") if self.allowed else _("Consent withdrawn")


def history(client: Client) -> QuerySet[Consent]:
    """Every word of the client, newest first."""
    return Consent.objects.filter(client_id__in=client.record_ids).order_by("-id")


def stop_in_force(client: Client) -> ContactStop | None:
    """The row that stops every contact; None when there is none, or it was lifted."""
    newest = ContactStop.objects.filter(client_id__in=client.record_ids).order_by("-id").first()
    return newest if newest is not None and newest.stopped else None


def matrix(client: Client) -> list[list[Cell]]:
    """One row a channel, one cell a purpose, in the order of their choices."""
    newest = history(client).order_by("channel", "purpose", "-id").distinct("channel", "purpose")
    rows = {(row.channel, row.purpose): row for row in newest}
    return [
        [Cell(channel, purpose, rows.get((channel, purpose))) for purpose in Purpose.values]
        for channel in Channel.values
    ]


def cell(client: Client, channel: str, purpose: str) -> Cell:
    row = history(client).filter(channel=channel, purpose=purpose).first()
    return Cell(channel, purpose, row)


def may_contact(client: Client, channel: str, purpose: str) -> Answer:
    """Whether a message or call of this purpose may go out; service is allowed unasked, others are not.

    Exempt messages (fraud, margin call, regulator) are the sender's matter: it asks here for all others.
    """
    if client.status == Client.Status.DECEASED:
        return Answer(False, _("The client has died."))
    if stop := stop_in_force(client):
        return Answer(False, _("Do not contact: %(reason)s") % {"reason": stop.reason})
    found = cell(client, channel, purpose)
    return Answer(found.allowed, found.reason)
