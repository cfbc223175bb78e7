"""Notices by mail through a real SMTP server: once, in the reader's language, at once or once a day."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from socket import socket
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from staff.actions import mailing
from staff.actions.notices import choose, mark_read, notify
from staff.models import NoticeMail, Person

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 30, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


class Box:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    kept = Box()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = port
    yield kept
    server.stop()


def _tell(person: Person, key: str) -> None:
    notify(people=[person.pk], kind="task.due", text="Due %(when)s: %(title)s", key=key, url="/tasks/1/",
           params={"when": "2026-11-30", "title": "回访"})  # fmt: skip


def _with_address(cast: SimpleNamespace) -> Person:
    person: Person = cast.agent_1001
    person.email = "liu@example.com"
    person.save(update_fields=["email"])
    return person


def test_once_a_day_and_only_what_is_unread(cast: SimpleNamespace, box: Box) -> None:
    me = _with_address(cast)
    _tell(cast.team_lead_1001, "no-address")
    _tell(me, "read")
    mark_read(person=me)
    _tell(me, "a")
    _tell(me, "b")
    assert mailing.gather(MORNING.replace(hour=7)) == 0
    assert (mailing.gather(MORNING), mailing.gather(MORNING)) == (1, 0)
    assert (mailing.send_due(), mailing.send_due()) == (1, 0)
    _tell(me, "c")
    assert mailing.gather(MORNING.replace(hour=20)) == 0  # tomorrow's
    (mail,) = box.mails
    assert (mail["To"], mail["Subject"]) == ("liu@example.com", "客户服务系统有 2 条通知")
    assert mail.get_content().count("2026-11-30 到期：回访") == 2
    assert mail["Message-ID"] == f"<notices.daily.{me.pk}.2026-11-30@127.0.0.1>"


def test_at_once(cast: SimpleNamespace, box: Box) -> None:
    me = _with_address(cast)
    choose(person=me, kind="task.due", shown=True, mail="at_once")
    _tell(me, "a")
    assert (mailing.gather(MORNING.replace(hour=3)), mailing.send_due(), len(box.mails)) == (1, 1, 1)
    assert mailing.gather(MORNING) == 0


def test_a_server_that_is_away_is_asked_again(cast: SimpleNamespace, box: Box, settings: Any) -> None:
    me, port = _with_address(cast), settings.EMAIL_PORT
    _tell(me, "a")
    mailing.gather(MORNING)
    settings.EMAIL_PORT = 1
    assert mailing.send_due() == 0
    mail = NoticeMail.objects.get()
    assert (mail.state, mail.attempts) == ("waiting", 1)
    settings.EMAIL_PORT = port
    NoticeMail.objects.update(due_at=MORNING)
    assert (mailing.send_due(), len(box.mails)) == (1, 1)
