"""Lines that speak to WeCom and WeChat themselves, against the simulator's platforms over HTTP."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from clients.models import Client
from core import audit, crypto
from core.files import content, keeping
from crm.simulator.gateway import Gateway, Mood, serving
from crm.simulator.player import Known
from crm.simulator.speech import Event, sealed_xml
from interactions.actions import deliveries, media, sending
from interactions.actions.arrival import receive_envelopes
from interactions.actions.line_settings import checked
from interactions.actions.lines import seed_lines
from interactions.channels import Envelope
from interactions.models import Attachment, ContactLink, Conversation, Delivery, Line, LineToken, Wanted
from interactions.queries.reasons import reason_words
from staff.models import Unit
from tests.clients.people import make_client
from tests.interactions import outside

pytestmark = pytest.mark.django_db
APP_SECRET = "app-secret-of-the-tests"
SECRETS = {**outside.PLATFORM, "app_secret": APP_SECRET}
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KNOWN = Known(
    {"wecom": "wecom", "wechat": "wechat", "chat": "chat"},
    {"wecom": SECRETS, "wechat": SECRETS, "chat": {"signing": outside.SECRET}},
)


@pytest.fixture(autouse=True)
def by_day(settings: Any, tmp_path: Any) -> Iterator[time_machine.Traveller]:
    settings.FILES_ROOT = tmp_path
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def platform() -> Iterator[tuple[Gateway, str]]:
    gateway = Gateway(KNOWN, Mood())
    with serving(gateway) as port:
        yield gateway, f"http://127.0.0.1:{port}"


@pytest.fixture
def lines(cast: Any, platform: tuple[Gateway, str]) -> dict[str, Line]:
    opened = seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"), secrets=KNOWN.secrets)
    url = platform[1]
    Line.objects.filter(code="wecom").update(settings={"api_url": url, "open_kfid": "wkTEST"})
    Line.objects.filter(code="wechat").update(settings={"api_url": url})
    Line.objects.filter(code="chat").update(settings={"gateway_url": url})
    return {line.code: line for line in Line.objects.filter(pk__in=[one.pk for one in opened.values()])}


@pytest.fixture
def wang(units: Any) -> Client:
    return make_client(units["1001"], "C000001")


def wrote(
    line: Line, client: Client | None, number: str = "m1", user: str = "wm_wang", **payload: Any
) -> Conversation:
    """The client writes; whoever it is, is known."""
    envelope = Envelope(
        event_id=number, kind="message", occurred_at=timezone.now(), external_user_id=user,
        payload={"text": "在吗", **payload},
    )  # fmt: skip
    receive_envelopes(line=line, envelopes=[envelope])
    talk = Conversation.objects.get(line=line, contact__isnull=False)
    if client is not None and talk.contact is not None:
        ContactLink.objects.get_or_create(contact=talk.contact, client=client, ended_at=None,
                                          defaults={"linked_by": "test"})  # fmt: skip
    return talk


def order(line: Line, client: Client, number: int = 1) -> Delivery:
    return deliveries.order(
        actor=audit.SYSTEM, line=line, client=client, text=f"您好 {number}", exempt="fraud"
    )


@pytest.mark.parametrize("code", ["wecom", "wechat"])
def test_a_message_goes_out_as_the_platform_wants_it(code: str, lines, platform, wang) -> None:
    wrote(lines[code], wang)
    sent = order(lines[code], wang)
    sending.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.fault) == ("sent", "")
    (taken,) = platform[0].taken.values()
    assert (taken.line, taken.to, taken.text) == (code, "wm_wang", "您好 1")
    if code == "wecom":
        assert sent.gateway_ref == sent.key.hex
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM interactions_linetoken t")
        kept = cursor.fetchone()[0]
    assert not any(token in kept for token in platform[0].platforms.tokens)


@pytest.mark.parametrize("code", ["wecom", "wechat"])
def test_a_token_is_kept_and_renewed_once_when_it_is_over(code: str, lines, platform, wang) -> None:
    wrote(lines[code], wang)
    for number in range(2):
        order(lines[code], wang, number)
    sending.send_due()
    tokens = platform[0].platforms.tokens
    assert len(tokens) == 1  # asked for once
    tokens.clear()  # 42001 for the one that is kept
    third = order(lines[code], wang, 3)
    sending.send_due()
    third.refresh_from_db()
    assert (third.state, third.attempts, len(tokens), len(platform[0].taken)) == ("sent", 1, 1, 3)


def test_a_token_that_no_renewal_helps_puts_the_message_off(lines, platform, wang) -> None:
    wrote(lines["wecom"], wang)
    platform[0].platforms.token_seconds = 0
    sent = order(lines["wecom"], wang)
    sending.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.held_for, sent.handed_at, sent.attempts) == ("waiting", "away", None, 1)
    assert sent.fault.startswith("The platform answered 42001") and not platform[0].taken
    line = lines["wecom"]
    line.secrets = crypto.seal_bytes(b'{"receiver": "ww01", "app_secret": "wrong"}', line.context)
    line.save()
    LineToken.objects.all().delete()
    Delivery.objects.update(due_at=timezone.now())
    sending.send_due()
    sent.refresh_from_db()
    assert sent.fault == "The platform gives no access token: 40001 invalid credential"


def test_a_client_who_does_not_write_back_gets_five_and_holds_up_nobody(lines, platform, wang, units) -> None:
    wrote(lines["wecom"], wang)
    six = [order(lines["wecom"], wang, number) for number in range(6)]
    other = make_client(units["1001"], "C000002", mobile="13900000002")
    envelope = Envelope(
        event_id="o1", kind="message", occurred_at=timezone.now(), external_user_id="wm_other"
    )
    receive_envelopes(line=lines["wecom"], envelopes=[envelope])
    contact = Conversation.objects.exclude(contact__links__client=wang).get().contact
    assert contact is not None
    ContactLink.objects.create(contact=contact, client=other, linked_by="test")
    to_other = order(lines["wecom"], other)
    sending.send_due()
    for one in (*six, to_other):
        one.refresh_from_db()
    assert [one.state for one in (*six, to_other)] == [*["sent"] * 5, "waiting", "sent"]
    assert (six[5].held_for, six[5].handed_at) == ("too_many", None)
    assert "再次发言" in reason_words(six[5])
    platform[0].platforms.client_wrote("wecom", "wm_wang")
    Delivery.objects.filter(pk=six[5].pk).update(due_at=timezone.now())
    sending.send_due()
    six[5].refresh_from_db()
    assert six[5].state == "sent"


def test_refusals_are_final_and_told_in_words(lines, platform, wang, monkeypatch) -> None:
    wrote(lines["wechat"], wang)
    answers = iter([45015, 40003, 40008, -1])
    monkeypatch.setattr(
        platform[0].platforms, "_send", lambda *_told: {"errcode": next(answers), "errmsg": "no"}
    )  # the platform's word, not ours
    four = [order(lines["wechat"], wang, number) for number in range(4)]
    sending.send_due()
    for one in four:
        one.refresh_from_db()
    assert [(one.state, one.fault) for one in four] == [
        ("failed", "too_late"), ("failed", "unknown_there"), ("failed", "The platform answered 40008 no"),
        ("waiting", "The platform answered -1 no"),
    ]  # fmt: skip
    assert "太久" in reason_words(four[0]) or "已超过" in reason_words(four[0])


def test_a_line_that_breaks_leaves_a_person_to_decide(lines, platform, wang, monkeypatch) -> None:
    wrote(lines["wechat"], wang)

    def break_off(*_told: Any) -> Any:
        raise ConnectionAbortedError

    monkeypatch.setattr(platform[0].platforms, "_send", break_off)
    sent = order(lines["wechat"], wang)
    sending.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.fault) == ("uncertain", "uncertain")


def test_a_platform_that_is_away_is_asked_again(lines, wang) -> None:
    Line.objects.filter(code="wecom").update(settings={"api_url": "http://127.0.0.1:9", "open_kfid": "x"})
    wrote(lines["wecom"], wang)
    sent = order(lines["wecom"], wang)
    sending.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.fault) == ("waiting", "The platform is away.")


def test_wecom_needs_its_account() -> None:
    with pytest.raises(ValidationError) as refused:
        checked("wecom", {"api_url": "https://qyapi.weixin.qq.com"})
    assert list(refused.value.message_dict) == ["open_kfid"]
    told = checked("wechat", {"api_url": "https://api.weixin.qq.com"})
    assert told == {"api_url": "https://api.weixin.qq.com", "gateway_url": "", "media_url": ""}


@pytest.mark.parametrize("code", ["wecom", "wechat", "chat"])
def test_a_picture_is_fetched_kept_and_shown(code: str, lines, platform, wang, cast, client) -> None:
    talk = wrote(lines[code], wang, text="[图片]", media=[{"id": "pic/1", "name": ""}])
    (held,) = Attachment.objects.all()
    assert (held.state, held.message.conversation, Wanted.objects.count()) == ("coming", talk, 1)
    client.force_login(cast.agent_hq)
    assert "待取回" in client.get(f"/desk/conversations/{talk.pk}/").content.decode()
    assert media.fetch_due() == 1 and keeping.scan_waiting() == 1
    held.refresh_from_db()
    assert (held.state, held.content_type, held.name, Wanted.objects.count()) == (
        "clean", "image/png", "file.png", 0,
    )  # fmt: skip
    assert keeping.content_of(held).startswith(b"\x89PNG")
    page = client.get(f"/desk/conversations/{talk.pk}/said/").content.decode()
    assert f"/desk/files/{held.key}/" in page and "<img" in page
    assert client.get(f"/desk/files/{held.key}/")["Content-Type"] == "image/png"
    assert media.fetch_due() == 0


def test_what_is_gone_is_lost_and_what_is_too_large_refused(lines, platform, monkeypatch) -> None:
    wrote(lines["chat"], None, media=[{"id": "gone-1", "name": "a.png"}, {"id": "b", "name": "b.exe"}])
    wrote(lines["wecom"], None, "m2", media=[{"id": "gone-2", "name": "c.png"}])
    monkeypatch.setattr(content, "LARGEST", 40)  # of a file that is kept
    wrote(lines["wechat"], None, "m3", media=[{"id": "d", "name": "d.png"}])
    assert media.fetch_due() == 4
    states = dict(Attachment.objects.values_list("name", "state"))
    assert states == {"a.png": "lost", "b.exe": "refused", "c.png": "lost", "d.png": "refused"}
    assert not Wanted.objects.exists()


def test_a_gateway_that_is_away_is_asked_again_and_given_up_at_last(lines, by_day) -> None:
    Line.objects.filter(code="chat").update(settings={"media_url": "http://127.0.0.1:9/pictures"})
    wrote(lines["chat"], None, media=[{"id": "x", "name": "x.png"}])
    media.fetch_due()
    held = Wanted.objects.get()
    assert (held.attempts, held.fault) == (1, "The gateway is away.")
    assert timedelta(seconds=25) < held.due_at - timezone.now() <= timedelta(seconds=30)
    for _attempt in range(7):
        by_day.shift(timedelta(hours=7))
        media.fetch_due()
    assert list(Attachment.objects.values_list("state", "finding")) == [("lost", "The gateway is away.")]


def test_a_platforms_own_picture_comes_in_by_its_callback(lines, platform) -> None:
    event = Event(
        line="wecom", event_id="900000001", kind="message", at=timezone.now(), sender="wm_wang",
        payload={"text": "", "media": [{"id": "MEDIA-1"}]},
    )  # fmt: skip
    post = sealed_xml([event], SECRETS)
    answer = Browser().post(post.path, post.body, content_type="text/xml")
    assert answer.status_code == 200
    media.fetch_due()
    assert list(Attachment.objects.values_list("name", "state")) == [("image-00000001.png", "waiting")]
