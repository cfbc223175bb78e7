"""Events from the outside: proved, kept once, and the same conversation in whatever order they come."""

import json
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from clients import identifiers
from clients.models import Client
from core import audit, crypto
from core.errors import Conflict
from interactions.actions import arrival, desk
from interactions.actions.lines import seed_lines, switch_line
from interactions.models import Assignment, ChannelEvent, Contact, Conversation, Interaction, Line, Message
from interactions.queries.facts import Told, facts
from staff.models import Unit
from tests.clients.people import make_client
from tests.interactions import outside

pytestmark = pytest.mark.django_db
MOBILE = "13812345678"
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def lines(cast: Any) -> dict[str, Line]:
    secrets = {name: {"signing": outside.SECRET} for name in ("hotline", "chat", "sms")}
    hq = Unit.objects.get(code="HQ")
    return seed_lines(actor=audit.SYSTEM, unit=hq, secrets={**secrets, "wecom": outside.PLATFORM})


@pytest.fixture
def own_client(units: Any) -> Client:
    return make_client(units["1001"], "C000001")


@pytest.fixture
def near_client(units: Any) -> Client:
    return make_client(units["1001"], "C000002", "李伟")


@pytest.fixture
def wang(own_client: Client) -> Client:
    Client.objects.filter(pk=own_client.pk).update(mobile_index=identifiers.mobile_blind_index(MOBILE))
    return own_client


def event(kind: str, seconds: int, **more: Any) -> dict[str, Any]:
    """One event of call c1, so many seconds after its start."""
    at = (START + timedelta(seconds=seconds)).isoformat()
    whole = {"event_id": f"{kind}-{seconds}", "type": kind, "occurred_at": at, "conversation_id": "c1"}
    return {**whole, "external_user_id": MOBILE, **more}


def a_call(agent: str) -> list[dict[str, Any]]:
    return [
        event("newCall", 0), event("queued", 2), event("answer", 12, agent=agent), event("hold", 30),
        event("resume", 45), event("hangup", 92), event("rating", 100, payload={"satisfaction": 5}),
    ]  # fmt: skip


def tell(browser: Browser, line: str, body: Any, **how: Any) -> Any:
    return browser.post(f"/api/v1/channels/{line}/events", **outside.signed(body, **how))


def told_of(conversation: Conversation) -> dict[str, Any]:
    names = (
        "opened_at", "queued_at", "answered_at", "ended_at", "hold_seconds", "answered_by_id", "satisfaction",
        "state", "agent_id", "client_id",
    )  # fmt: skip
    return {name: getattr(conversation, name) for name in names}


def test_a_call_of_a_known_client_ends_in_the_log(client, cast, lines, wang) -> None:
    agent = cast.agent_1001
    for one in a_call(agent.employee_no)[:5]:
        assert tell(client, "hotline", one).json() == {"accepted": 1, "known": 0}
    call = Conversation.objects.get()
    assert (call.state, call.agent, call.client) == ("active", agent, wang)
    for one in a_call(agent.employee_no)[5:]:
        tell(client, "hotline", one)
    call.refresh_from_db()
    at = lambda seconds: START + timedelta(seconds=seconds)  # noqa: E731
    assert told_of(call) == {
        "opened_at": START, "queued_at": at(2), "answered_at": at(12), "ended_at": at(92), "hold_seconds": 15,
        "answered_by_id": agent.pk, "satisfaction": 5, "state": "wrap_up", "agent_id": agent.pk,
        "client_id": wang.pk,
    }  # fmt: skip
    client.force_login(agent)
    answer = client.post(
        f"/desk/conversations/{call.pk}/wrap-up/",
        {"category": "enquiry.trading", "summary": "问新股申购", "outcome": "resolved"},
    )
    assert answer.status_code == 302
    entry = Interaction.objects.get()
    assert (entry.client, entry.agent, entry.minutes, entry.satisfaction) == (
        wang,
        agent,
        Decimal("1.33"),
        5,
    )
    call.refresh_from_db()
    assert (call.state, call.entry) == ("closed", entry)
    assert Assignment.objects.filter(to_at__isnull=True).count() == 0


@given(order=st.permutations(range(7)), twice=st.lists(st.integers(0, 6), max_size=4))
def test_facts_do_not_depend_on_order_or_repetition(order: list[int], twice: list[int]) -> None:
    at = lambda seconds: START + timedelta(seconds=seconds)  # noqa: E731
    events = [
        Told("ring", at(0), "a"), Told("queued", at(2), "b"), Told("answer", at(12), "c", agent=7),
        Told("hold", at(30), "d"), Told("resume", at(45), "e"), Told("hangup", at(92), "f"),
        Told("rating", at(100), "g", numbers=(("satisfaction", 4),)),
    ]  # fmt: skip
    shuffled = {events[place] for place in [*order, *twice]}
    assert facts(shuffled, calls=True) == facts(events, calls=True)
    assert facts(events, calls=True)["hold_seconds"] == 15


@pytest.mark.parametrize("order", [[6, 5, 4, 3, 2, 1, 0], [5, 2, 0, 6, 4, 1, 3], [2, 2, 5, 5, 0, 1, 3, 4, 6]])
def test_any_order_makes_the_same_conversation(client, cast, lines, wang, order: list[int]) -> None:
    whole = a_call(cast.agent_1001.employee_no)
    for place in order:
        assert tell(client, "hotline", whole[place]).status_code == 200
    call = Conversation.objects.get()
    assert (call.state, call.agent, call.hold_seconds, call.satisfaction) == (
        "wrap_up",
        cast.agent_1001,
        15,
        5,
    )
    assert (call.opened_at, call.ended_at) == (START, START + timedelta(seconds=92))
    assert call.client == wang and ChannelEvent.objects.count() == 7
    assert Assignment.objects.filter(to_at__isnull=True).count() == 1


def test_a_batch_is_counted_and_known_events_change_nothing(client, cast, lines) -> None:
    whole = {"events": a_call(cast.agent_1001.employee_no)}
    assert tell(client, "hotline", whole).json() == {"accepted": 7, "known": 0}
    before = told_of(Conversation.objects.get())
    assert tell(client, "hotline", whole).json() == {"accepted": 0, "known": 7}
    assert told_of(Conversation.objects.get()) == before


def test_forged_old_and_unsigned_calls_leave_nothing(client, lines) -> None:
    one = event("newCall", 0)
    assert tell(client, "hotline", one, secret="somebody else's secret").status_code == 401
    assert tell(client, "hotline", one, at=0).status_code == 401
    bare = client.post("/api/v1/channels/hotline/events", json.dumps(one), content_type="application/json")
    assert bare.status_code == 401 and bare["Content-Type"] == "application/problem+json"
    assert (ChannelEvent.objects.count(), Contact.objects.count(), Conversation.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        [], {"events": []}, {"events": [1]}, {}, event("dance", 0), {**event("newCall", 0), "event_id": ""},
        event("newCall", 0, occurred_at="yesterday"),
        event("newCall", 0, occurred_at="2130-01-01T00:00:00+08:00"),
        event("newCall", 0, external_user_id="", conversation_id=""), event("newCall", 0, payload="x"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_with_a_reason(client, lines, body: Any) -> None:
    answer = tell(client, "hotline", body)
    assert answer.status_code == 422 and answer.json()["detail"]
    assert ChannelEvent.objects.count() == 0


def test_lines_that_are_off_unknown_or_overfed(client, lines) -> None:
    assert tell(client, "nowhere", event("newCall", 0)).status_code == 404
    switch_line(actor=audit.SYSTEM, line=lines["hotline"], active=False)
    assert tell(client, "hotline", event("newCall", 0)).status_code == 404
    assert tell(client, "chat", {"text": "x" * 300_000}).status_code == 413
    assert client.get("/api/v1/channels/chat/events").status_code == 405


def test_nobody_answered(client, cast, lines, wang) -> None:
    tell(client, "hotline", {"events": [event("newCall", 0), event("queued", 2), event("hangup", 20)]})
    assert Conversation.objects.get().state == "waiting"
    assert desk.close_what_nobody_answered() == 1
    entry = Interaction.objects.get()
    assert (entry.client, entry.outcome, entry.minutes, entry.category.code) == (
        wang,
        "not_reached",
        0,
        "unsorted",
    )
    assert desk.close_what_nobody_answered() == 0


def test_an_unknown_caller_is_kept_and_named_later(client, cast, lines, own_client) -> None:
    tell(client, "hotline", {"events": a_call(cast.agent_hq.employee_no)})
    call = Conversation.objects.get()
    contact = Contact.objects.get()
    assert call.client is None and call.contact == contact
    assert crypto.unseal(contact.address, contact.context) == MOBILE
    client.force_login(cast.agent_hq)
    client.post(f"/desk/conversations/{call.pk}/client/", {"client": "C999"})
    call.refresh_from_db()
    assert call.client is None
    client.post(f"/desk/conversations/{call.pk}/client/", {"client": own_client.client_no})
    call.refresh_from_db()
    assert call.client == own_client


def test_whose_call_it_was_is_said_after_it_was_closed(client, cast, lines, own_client) -> None:
    tell(client, "hotline", {"events": [event("newCall", 0), event("hangup", 20)]})
    desk.close_what_nobody_answered()
    call, entry = Conversation.objects.get(), Interaction.objects.get()
    assert entry.client is None and entry.unit is not None
    desk.name_client(actor=cast.agent_hq, conversation=call, client=own_client)
    call.refresh_from_db()
    named = Interaction.objects.in_force().get()
    assert (named.client, named.supersedes, call.entry, named.summary) == (
        own_client,
        entry,
        named,
        entry.summary,
    )
    with pytest.raises(Conflict):
        desk.name_client(actor=cast.agent_hq, conversation=call, client=own_client)
    later = event("newCall", 600, conversation_id="c2")
    tell(client, "hotline", later)
    assert Conversation.objects.get(thread="c2").client == own_client  # known from now on


def test_two_candidates_are_left_to_a_person(client, cast, lines, wang, near_client) -> None:
    Client.objects.filter(pk=near_client.pk).update(mobile_index=identifiers.mobile_blind_index(MOBILE))
    tell(client, "hotline", event("newCall", 0))
    call = Conversation.objects.get()
    assert call.client is None
    client.force_login(cast.agent_1001)
    Conversation.objects.update(unit=wang.branch)
    page = client.get(f"/desk/conversations/{call.pk}/").content.decode()
    assert wang.client_no in page and near_client.client_no in page


def test_messages_are_sealed_and_gather_in_one_conversation(client, cast, lines, wang) -> None:
    for place, text in enumerate(("在吗", "想问融资利率")):
        one = event("message", place, payload={"text": text})
        del one["conversation_id"]
        assert tell(client, "sms", one).json() == {"accepted": 1, "known": 0}
    talk = Conversation.objects.get()
    assert (talk.messages_in, talk.state, talk.client, talk.waiting_since) == (2, "waiting", wang, START)
    said = [crypto.unseal(row.body, row.context) for row in Message.objects.all()]
    assert said == ["在吗", "想问融资利率"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM interactions_channelevent")
        assert all("想".encode() not in bytes(raw) for (raw,) in cursor.fetchall())


def test_wecom_speaks_encrypted_xml(client, cast, lines) -> None:
    sealed = outside.sealed_text(outside.platform_message("你好"))
    address = f"/api/v1/channels/wecom/events?{urlencode(outside.platform_query(sealed))}"
    body = f"<xml><ToUserName>ww01</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    for _ in range(2):
        answer = client.post(address, body, content_type="text/xml")
        assert (answer.status_code, answer.content) == (200, b"success")
    row = Message.objects.get()
    assert crypto.unseal(row.body, row.context) == "你好"
    echo = outside.sealed_text("12345")
    query = {**outside.platform_query(echo), "echostr": echo}
    assert client.get("/api/v1/channels/wecom/events", query).content == b"12345"


def test_forged_xml_is_refused(client, lines) -> None:
    sealed = outside.sealed_text(outside.platform_message("x"))
    other = outside.sealed_text(outside.platform_message("x"), receiver="ww02")
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
    wrong = outside.platform_query(sealed, token="another-token-000")
    old = outside.platform_query(sealed, at=1000)
    cases = [(wrong, sealed, 401), (old, sealed, 401), (outside.platform_query(other), other, 401)]
    for query, inside, status in cases:
        body = f"<xml><Encrypt>{inside}</Encrypt></xml>"
        address = f"/api/v1/channels/wecom/events?{urlencode(query)}"
        assert client.post(address, body, content_type="text/xml").status_code == status
    address = f"/api/v1/channels/wecom/events?{urlencode(outside.platform_query(sealed))}"
    assert client.post(address, bomb, content_type="text/xml").status_code == 422
    assert ChannelEvent.objects.count() == 0


def test_an_effect_that_fails_is_tried_again_and_parked(client, lines, monkeypatch: Any) -> None:
    def broken(**_told: Any) -> None:
        raise RuntimeError("13812345678")

    monkeypatch.setattr(arrival, "bear", broken)
    assert tell(client, "hotline", event("newCall", 0)).status_code == 200
    kept = ChannelEvent.objects.get()
    assert (kept.state, kept.attempts) == ("waiting", 1) and MOBILE not in kept.fault
    assert Conversation.objects.count() == 0
    for _ in range(2):
        assert [arrival.try_again(event=one) for one in arrival.waiting_events()] == [False]
    kept.refresh_from_db()
    assert (kept.state, arrival.waiting_events()) == ("parked", [])
    monkeypatch.undo()
    assert arrival.try_again(event=kept) and not arrival.try_again(event=kept)
    assert Conversation.objects.get().opened_at == START


@pytest.mark.django_db(transaction=True)
def test_one_event_told_by_many_at_once_is_one(cast, lines) -> None:
    answers: list[Any] = []
    one = event("newCall", 0)

    def say() -> None:
        answers.append(tell(Browser(), "hotline", one).json())
        connection.close()

    threads = [threading.Thread(target=say) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["accepted"] for answer in answers) == [0] * 19 + [1]
    assert (ChannelEvent.objects.count(), Conversation.objects.count(), Contact.objects.count()) == (1, 1, 1)
