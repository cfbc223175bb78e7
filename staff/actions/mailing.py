"""Notices by mail: at once, or gathered once a day, through Django's mail settings.

A mail is a row before it is one: a ledger (NoticeMail) says for whom, of when and whether it went. Sending
takes a row with a lease and notes its end; a worker that dies in between leaves it to the next one, and the
Message-ID, made of the row's key, tells the receiving side that it is the same mail.
"""

import logging
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.logs import redacted
from core.mails import mail_writers
from staff.models import Notice, NoticeMail, Person

log = logging.getLogger(__name__)
State = NoticeMail.State
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 6
MOST_IN_ONE = 200
KEPT = timedelta(days=180)


def gather(now: datetime | None = None) -> int:
    """Makes the mails that are due from notices that are in none yet; says how many were made."""
    now = now or timezone.now()
    made = sum(
        _gather(person, Notice.Mail.AT_ONCE, _at_once_key(person, now)) for person in _waiting("at_once")
    )
    local = timezone.localtime(now)
    if local.time() >= time(settings.NOTICE_DIGEST_HOUR):
        day = local.date().isoformat()
        made += sum(
            _gather(person, Notice.Mail.DAILY, f"daily:{person}:{day}") for person in _waiting("daily")
        )
    return made


def send_due(limit: int = 200) -> int:
    """Sends up to so many mails that are due; says how many went."""
    sent = 0
    for _number in range(limit):
        mail = _take()
        if mail is None:
            break
        sent += _send(mail)
    return sent


@transaction.atomic
def forget_old() -> int:
    """Notices and mails of more than half a year go."""
    before = timezone.now() - KEPT
    NoticeMail.objects.filter(due_at__lt=before).delete()
    return Notice.objects.filter(at__lt=before).delete()[0]


def _waiting(way: str) -> list[int]:
    """People with notices that wait to be mailed this way; of a daily mail those read meanwhile do not."""
    rows = Notice.objects.filter(mail=way, mailed_in=None).exclude(person__email="")
    rows = rows.filter(person__is_active=True)
    if way == Notice.Mail.DAILY:
        rows = rows.filter(read_at=None)
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def _at_once_key(person: int, now: datetime) -> str:
    return f"at_once:{person}:{now.timestamp():.6f}"


@transaction.atomic
def _gather(person: int, way: str, key: str) -> int:
    """One mail with what waits; none when the day's mail is made already, or somebody else gathers."""
    waiting = Notice.objects.filter(person_id=person, mail=way, mailed_in=None)
    if way == Notice.Mail.DAILY:
        waiting = waiting.filter(read_at=None)
    locked = waiting.select_for_update(skip_locked=True).order_by("id")[:MOST_IN_ONE]
    ids = [notice.pk for notice in locked]
    if not ids:
        return 0
    mail, fresh = NoticeMail.objects.get_or_create(
        key=key, defaults={"person_id": person, "due_at": timezone.now()}
    )
    if not fresh:
        return 0
    Notice.objects.filter(pk__in=ids).update(mailed_in=mail)
    return 1


@transaction.atomic
def _take() -> NoticeMail | None:
    """The next mail that is due, with a lease."""
    due = NoticeMail.objects.filter(state=State.WAITING, due_at__lte=timezone.now())
    mail = due.select_for_update(skip_locked=True).order_by("due_at", "id").first()
    if mail is not None:
        mail.attempts += 1
        mail.due_at = timezone.now() + LEASE
        mail.save(update_fields=["attempts", "due_at"])
    return mail


def _send(mail: NoticeMail) -> bool:
    try:
        message = _message(mail)
        if message is None:
            return _drop(mail)
        message.send()
    except Exception as error:  # the server's refusals are of many kinds; the row keeps what it said
        log.warning("a mail with notices could not be sent", exc_info=True)
        _note_fault(mail, redacted(f"{type(error).__name__}: {error}"))
        return False
    ours = NoticeMail.objects.filter(pk=mail.pk, state=State.WAITING)
    ours.update(state=State.SENT, sent_at=timezone.now(), fault="")
    return True


def _drop(mail: NoticeMail) -> bool:
    """Its writer says that it should not go any more."""
    waiting = NoticeMail.objects.filter(pk=mail.pk, state=State.WAITING)
    waiting.update(state=State.FAILED, fault="not for this person any more")
    return False


def _note_fault(mail: NoticeMail, fault: str) -> None:
    state = State.FAILED if mail.attempts >= MOST_ATTEMPTS else State.WAITING
    NoticeMail.objects.filter(pk=mail.pk, state=State.WAITING).update(state=state, fault=fault[:200])


def _message(mail: NoticeMail) -> EmailMessage | None:
    """In the person's language: what a module writes itself, else the mail's notices."""
    person = Person.objects.get(pk=mail.person_id)
    writer = mail_writers().get(mail.key.partition(":")[0])
    if writer is None:
        return _of_notices(mail, person)
    with translation.override(person.language):
        letter = writer(person, mail.key)
    if letter is None:
        return None
    message = EmailMessage(letter.subject, letter.body, to=[person.email], headers=_headers(mail))
    for attachment in letter.attachments:
        message.attach(*attachment)
    return message


def _of_notices(mail: NoticeMail, person: Person) -> EmailMessage:
    """Each line leads to its page."""
    notices = list(Notice.objects.filter(mailed_in=mail).order_by("id"))
    with translation.override(person.language):
        count = len(notices)
        subject = ngettext(
            "%(count)s notice of the client service", "%(count)s notices of the client service", count
        )
        lines = [_("Hello, %(name)s") % {"name": person.name}, ""]
        for notice in notices:
            lines += [f"{timezone.localtime(notice.at):%H:%M}  {notice.words}", _link(notice), ""]
        lines += [
            _("How you are told is yours to choose: %(url)s")
            % {"url": f"{settings.PUBLIC_URL}/notices/settings/"}
        ]
        return EmailMessage(
            subject=subject % {"count": count}, body="\n".join(lines), to=[person.email],
            headers=_headers(mail),
        )  # fmt: skip


def _link(notice: Notice) -> str:
    return f"{settings.PUBLIC_URL}{notice.url}" if notice.url else ""


def _headers(mail: NoticeMail) -> dict[str, str]:
    return {"Message-ID": _message_id(mail), "Auto-Submitted": "auto-generated"}


def _message_id(mail: NoticeMail) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<notices.{mail.key.replace(':', '.')}@{host}>"
