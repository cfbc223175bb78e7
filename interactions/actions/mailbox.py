"""Takes mail out of the lines' mailboxes: each mail once, however often it is met."""

import logging

from django.utils import timezone

from interactions.actions.arrival import receive_envelopes
from interactions.actions.lines import secrets_of
from interactions.channels import Unreadable
from interactions.channels.mail import MailNotFetched, fetched
from interactions.channels.mail_reading import envelope_of
from interactions.models import Line

log = logging.getLogger(__name__)


def fetch_mail() -> int:
    """Of all email lines; a mailbox that cannot be read does not stop the others. Returns how many mails."""
    lines = Line.objects.filter(adapter=Line.Adapter.EMAIL, active=True)
    return sum(_fetch_quietly(line) for line in lines if line.settings.get("imap_host"))


def fetch_line(*, line: Line) -> int:
    """Takes in what is unseen there; raises MailNotFetched. A mail is marked as seen after it is kept."""
    taken = 0
    with fetched(line.settings, secrets_of(line)) as mails:
        for _number, raw in mails:
            try:
                receive_envelopes(line=line, envelopes=[envelope_of(raw, timezone.now())], raw=raw)
                taken += 1
            except Unreadable:
                log.warning("a mail of line %s cannot be read and stays in the mailbox", line.code)
    return taken


def _fetch_quietly(line: Line) -> int:
    try:
        return fetch_line(line=line)
    except MailNotFetched as error:
        log.warning("line %s: %s", line.code, error)
        return 0
