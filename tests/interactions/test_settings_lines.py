"""Lines as an administrator keeps them: secrets shown once, settings by adapter, parked events."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from interactions.actions import lines as deeds
from interactions.actions.arrival import receive
from interactions.actions.bearing import bear
from interactions.actions.line_settings import checked
from interactions.models import ChannelEvent, Conversation, Line
from staff.models import Unit
from tests.interactions.outside import SECRET, signed

pytestmark = pytest.mark.django_db
MAIL = {
    "smtp_host": "mail.example.com", "smtp_port": "", "smtp_user": "desk", "smtp_tls": "starttls",
    "from_address": "desk@example.com", "from_name": "客服", "imap_host": "mail", "imap_port": "1143",
    "imap_user": "desk", "imap_tls": "none", "imap_folder": "",
}  # fmt: skip


@pytest.fixture
def unit(cast: Any) -> Unit:
    return Unit.objects.get(code="1001")


@pytest.fixture
def chat(unit: Unit) -> Line:
    return deeds.open_line(
        actor=audit.SYSTEM, code="chat-east", adapter="chat", name="Chat", unit=unit,
        secrets={"signing": SECRET},
    )  # fmt: skip


@pytest.fixture
def mail(unit: Unit) -> Line:
    return deeds.open_line(
        actor=audit.SYSTEM, code="mail", adapter="email", name="Mail", unit=unit, secrets={"signing": SECRET}
    )


@pytest.fixture
def admin(client: Any, cast: Any) -> Any:
    client.force_login(cast.administrator)
    return client


def bring(line: Line, number: int) -> None:
    event = {"event_id": f"e{number}", "type": "message", "external_user_id": f"u{number}"}
    told = event | {"occurred_at": "2026-11-24T09:30:00+08:00", "payload": {"text": "我的秘密"}}
    call = signed(told)
    receive(line=line, raw=call["data"], headers=call["headers"], query={})


def park(line: Line, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events whose effect failed three times."""

    def fails(**_told: Any) -> None:
        raise RuntimeError("我的秘密")

    with monkeypatch.context() as broken:
        broken.setattr("interactions.actions.arrival.bear", fails)
        for number in range(count):
            bring(line, number)
    ChannelEvent.objects.update(state="parked", attempts=3)


def test_settings_are_changed_and_an_empty_password_stays(cast, unit, mail) -> None:
    told: dict[str, Any] = {"actor": cast.administrator, "name": "Mail", "unit": unit, "settings": MAIL}
    secret = {"smtp_password": "s3cret", "imap_password": "x"}
    deeds.change_settings(line=mail, version=1, passwords=secret, **told)
    line = deeds.change_settings(
        line=mail, version=2, passwords={"smtp_password": "", "imap_password": "new"}, **told
    )
    kept = {"smtp_password": "s3cret", "imap_password": "new"}
    assert deeds.secrets_of(line) == {"signing": SECRET, **kept}
    assert (line.settings["smtp_port"], line.settings["imap_port"]) == (587, 1143)
    with pytest.raises(Conflict):
        deeds.change_settings(line=mail, version=2, **told)
    noted = AuditEntry.objects.filter(deed="line.changed")
    assert noted.count() == 2 and not any("s3cret" in str(one.detail) for one in noted)


def test_new_secrets_leave_what_others_gave(cast, unit, mail) -> None:
    deeds.change_settings(
        actor=cast.administrator, line=mail, version=1, name="Mail", unit=unit, settings=MAIL,
        passwords={"smtp_password": "s3cret"},
    )  # fmt: skip
    fresh = deeds.renewed_secrets("email")
    line = deeds.renew_secrets(actor=cast.administrator, line=mail, secrets=fresh, version=2)
    assert deeds.secrets_of(line) == {**fresh, "smtp_password": "s3cret"}
    assert set(deeds.renewed_secrets("wecom")) == {"token", "aes_key"}
    with pytest.raises(Conflict):
        deeds.renew_secrets(actor=cast.administrator, line=mail, secrets=fresh, version=2)


def test_settings_that_others_know_stay(cast, unit, chat) -> None:
    Line.objects.update(settings={"kept": 1})
    told = {"gateway_url": "http://gateway:9000/chat", "smtp_host": "mail"}
    line = deeds.change_settings(
        actor=cast.administrator, line=chat, version=1, name="Chat", unit=unit, settings=told
    )
    assert line.settings == {"kept": 1, "gateway_url": "http://gateway:9000/chat", "media_url": ""}


@pytest.mark.parametrize(
    "url",
    [
        *["ftp://x.com", "gateway", "http://", "http://a b.com", "http://me:pw@x.com/", "http://[::1"],
        *["http://x.com:99999/", "http://x.com/?a=1", f"http://x.com/{'a' * 200}", "javascript:alert(1)"],
    ],
)
def test_a_gateway_is_an_address_on_the_net(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked("sms", {"gateway_url": url})
    assert list(refused.value.message_dict) == ["gateway_url"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("smtp_host", "mail server"), ("smtp_host", "http://mail"), ("smtp_port", "0")],
        *[("smtp_port", "70000"), ("imap_port", "x"), ("smtp_tls", "ssl"), ("imap_tls", "starttls")],
        *[("from_address", "desk"), ("from_address", ""), ("from_name", "a\nBcc: b"), ("imap_host", "-")],
    ],
)
def test_what_no_mail_server_is(field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked("email", {**MAIL, field: value})
    assert list(refused.value.message_dict) == [field]


def test_without_servers_mail_has_the_usual_ports_and_calls_have_nothing_to_set() -> None:
    assert checked("email", {})["smtp_port"] == 465
    assert checked("hotline", {"gateway_url": "http://x.com"}) == {"recordings_url": ""}


def test_the_list_tells_of_events_without_content(
    admin, chat, mail, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        bring(chat, number)
    ChannelEvent.objects.filter(event_id="e0").update(received_at=timezone.now() - timedelta(days=2))
    for number in range(20):
        Line.objects.create(code=f"l{number}", adapter="chat", name="x", unit=chat.unit)
    with django_assert_max_num_queries(12):
        page = admin.get("/desk/settings/lines/").content.decode()
    row = page[page.index("chat-east") :].split("</tr>")[0]
    assert "/api/v1/channels/chat-east/events" in row and re.search(r">2</td>", row)
    assert "我的秘密" not in page and SECRET not in page
    assert "chat-east" not in admin.get("/desk/settings/lines/?adapter=email").content.decode()


def test_secrets_are_shown_once(admin, unit) -> None:
    told = {"code": "wecom-1", "adapter": "wecom", "name": "企业微信", "unit": "1001", "receiver": "ww-corp"}
    answer = admin.post("/desk/settings/lines/new/", told)
    line = Line.objects.get(code="wecom-1")
    secrets = deeds.secrets_of(line)
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert secrets["receiver"] == "ww-corp" and all(value in page for value in secrets.values())
    assert "http://testserver/api/v1/channels/wecom-1/events" in page
    again = admin.get(f"/desk/settings/lines/{line.pk}/").content.decode()
    assert not any(value in again for value in secrets.values())
    assert admin.post("/desk/settings/lines/new/", told).status_code == 422
    renewed = admin.post(f"/desk/settings/lines/{line.pk}/renew/", {"version": 1})
    line.refresh_from_db()
    fresh = deeds.secrets_of(line)
    assert fresh["token"] in renewed.content.decode() and "no-store" in renewed["Cache-Control"]
    assert fresh["token"] != secrets["token"] and fresh["receiver"] == "ww-corp"
    late = admin.post(f"/desk/settings/lines/{line.pk}/renew/", {"version": 1})
    assert late.status_code == 302 and deeds.secrets_of(Line.objects.get(pk=line.pk)) == fresh


def test_a_line_is_switched_off_and_on(admin, chat) -> None:
    address = f"/desk/settings/lines/{chat.pk}/switch/"
    event = {
        "event_id": "1",
        "type": "message",
        "external_user_id": "u",
        "occurred_at": "2026-11-24T09:30:00+08:00",
    }
    admin.post(address, {"version": 1, "active": "0"})
    bad = admin.post("/api/v1/channels/chat-east/events", **signed(event))
    admin.post(address, {"version": 1, "active": "1"})  # of a page that is too old
    chat.refresh_from_db()
    assert (bad.status_code, chat.active) == (404, False)
    admin.post(address, {"version": 2, "active": "1"})
    assert admin.post("/api/v1/channels/chat-east/events", **signed(event)).status_code == 200


def test_mail_settings_on_the_page(admin, mail) -> None:
    address = f"/desk/settings/lines/{mail.pk}/"
    told = {"name": "Mail", "unit": "1001", "version": 1, **MAIL, "smtp_password": "s3cret"}
    assert admin.post(address, {**told, "smtp_port": "abc"}).status_code == 422
    assert admin.post(address, told).status_code == 302
    page = admin.get(address).content.decode()
    assert 'value="mail.example.com"' in page and "s3cret" not in page
    assert admin.post(address, told).status_code == 409
    mail.refresh_from_db()
    assert deeds.secrets_of(mail)["smtp_password"] == "s3cret" and mail.settings["smtp_port"] == 587


def test_parked_events_are_listed_without_content_and_tried_again(
    admin, chat, monkeypatch, django_assert_max_num_queries: Any
) -> None:
    park(chat, 3, monkeypatch)
    with django_assert_max_num_queries(12):
        page = admin.get("/desk/settings/parked/").content.decode()
    assert page.count('name="event"') == 3 and "RuntimeError" in page
    assert "我的秘密" not in page and "u1<" not in page
    first = ChannelEvent.objects.get(event_id="e0")
    admin.post("/desk/settings/parked/again/", {"only": first.pk, "event": [1, 2, 3]})
    first.refresh_from_db()
    assert (first.state, Conversation.objects.count()) == ("applied", 1)
    rest = list(ChannelEvent.objects.filter(state="parked").values_list("pk", flat=True))
    answer = admin.post("/desk/settings/parked/again/", {"event": [*rest, "x", 9**30]}, follow=True)
    assert not ChannelEvent.objects.filter(state="parked").exists()
    assert "2" in str(list(answer.context["messages"])[-1])
    assert AuditEntry.objects.filter(deed="event.tried_again").count() == 3


def test_what_fails_again_stays_parked_and_stops_nobody(admin, chat, monkeypatch) -> None:
    park(chat, 2, monkeypatch)

    def some(*, envelope: Any, **told: Any) -> None:
        if envelope.event_id == "e0":
            raise RuntimeError
        bear(envelope=envelope, **told)

    monkeypatch.setattr("interactions.actions.arrival.bear", some)
    numbers = list(ChannelEvent.objects.values_list("pk", flat=True))
    admin.post("/desk/settings/parked/again/", {"event": numbers})
    states = dict(ChannelEvent.objects.values_list("event_id", "state"))
    assert states == {"e0": "parked", "e1": "applied"}
    assert ChannelEvent.objects.get(event_id="e0").attempts == 4


def test_the_platforms_names_of_events_are_shown_without_who_spoke(admin, unit, monkeypatch) -> None:
    line = deeds.open_line(
        actor=audit.SYSTEM, code="w", adapter="wechat", name="W", unit=unit,
        secrets=deeds.random_secrets("wechat"),
    )  # fmt: skip
    ChannelEvent.objects.create(
        line=line, event_id="openid-of-somebody:1732412000", kind="message", occurred_at=timezone.now(),
        raw=b"", state="parked",
    )  # fmt: skip
    page = admin.get("/desk/settings/parked/?line=w").content.decode()
    assert "openid-of-somebody" not in page and "…:1732412000" in page
