"""Telling people what concerns them: in the page at once, by mail as each has it set."""

import json
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import live, sql
from core.wake import wake
from staff.models import Notice, NoticeSetting, Person, filled

LONGEST_KEY = 160


@transaction.atomic
def notify(
    *,
    people: Iterable[int],
    kind: str,
    text: str,
    params: Mapping[str, str | int] | None = None,
    url: str,
    key: str = "",
) -> int:
    """Tells these people (ids), in the caller's transaction; says how many were told by this call.

    text: an English msgid with %(name)s places that params fill; each reader sees it in the own language. It
    holds no personal number. A param <name>_msgid is translated itself. url: the page it leads to. key: with
    one, each person is told once, however often it is asked for.
    """
    if len(key) > LONGEST_KEY:
        raise ValueError("The key of a notice is too long.")
    text % filled(params or {})  # whatever cannot be filled in fails here, not on the reader's page
    told = sql.rows(
        "staff",
        "notice_give",
        {
            "person_ids": sorted(set(people)), "kind": kind, "text": text, "key": key, "url": url,
            "params": json.dumps(dict(params or {})), "default_mail_text": settings.NOTICE_MAIL,
        },
    )  # fmt: skip
    for row in told:
        if row["shown"]:
            live.tell(f"person:{row['person_id']}", "notice")
    if any(row["mail"] == Notice.Mail.AT_ONCE for row in told):
        wake("staff.tasks.mail_notices")
    return len(told)


@transaction.atomic
def mark_read(*, person: Person, ids: Iterable[int] | None = None) -> int:
    """Marks these notices of the person as read, or all of them; says how many were unread."""
    unread = Notice.objects.visible_to(person).filter(read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    marked = unread.update(read_at=timezone.now())
    if marked:
        live.tell(f"person:{person.pk}", "notice")
    return marked


@transaction.atomic
def mark_unread(*, person: Person, ids: Iterable[int]) -> int:
    """Takes back that these were read."""
    read = Notice.objects.visible_to(person).filter(pk__in=list(ids)).exclude(read_at=None)
    marked = read.update(read_at=None)
    if marked:
        live.tell(f"person:{person.pk}", "notice")
    return marked


@transaction.atomic
def choose(*, person: Person, kind: str, shown: bool, mail: str) -> None:
    """How the person is told of a kind of notices from now on."""
    NoticeSetting.objects.update_or_create(person=person, kind=kind, defaults={"shown": shown, "mail": mail})
