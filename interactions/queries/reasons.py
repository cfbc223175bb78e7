"""Why a message to a client waits or did not go, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from interactions.models import Delivery

# As kept in a delivery's `held_for` and `fault`; other faults are the outside's own words.
REASONS: dict[str, str | Promise] = {
    "quiet_hours": _("Quiet hours"),
    "scan": _("A file waits for the scan"),
    "away": _("The other side is away; it is tried again"),
    "too_many": _("The platform takes no more until the client writes again; it is tried again"),
    "too_late": _("The client's last word is too long ago for this platform"),
    "unknown_there": _("The client does not follow this account any more"),
    "deceased": _("The client has died"),
    "do_not_contact": _("Do not contact"),
    "consent": _("No consent for this purpose"),
    "answers_only": _("This channel takes answers only"),
    "bounced": _("Mail to this address came back"),
    "unsubscribed": _("Unsubscribed"),
    "refused_file": _("A file was refused by the scan"),
    "attempts": _("Given up after many attempts"),
    "uncertain": _("The other side did not say whether it took it; look, then decide"),
}


def reason_words(delivery: Delivery) -> str:
    """In the reader's language; '' when all is well."""
    if delivery.state == Delivery.State.SENDING:
        return _now("On its way")
    told = delivery.held_for if delivery.state == Delivery.State.WAITING else delivery.fault
    return str(REASONS.get(told, told))
