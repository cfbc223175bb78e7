"""What goes out: once, when it may, and with everything that became of it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients.actions.consents import record_consents, set_contact_stop
from clients.models import Client, Consent
from core import audit, crypto
from core.errors import Conflict, Stale
from interactions.actions import deliveries, desk, sending
from interactions.actions.arrival import try_again
from interactions.actions.lines import seed_lines
from interactions.models import ChannelEvent, Contact, Conversation, Delivery, Interaction, Line, Message
from interactions.quiet import quiet_until
from staff.models import Unit
from tests.clients.people import make_client
from tests.interactions import outside
from tests.interactions.servers import Gateway

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)  # a Monday
MOBILE = "13812345678"


@pytest.fixture
def morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(outside.SECRET).running() as running:
        yield running


@pytest.fixture
def lines(cast: Any, gateway: Gateway, morning: Any) -> dict[str, Line]:
    secrets = {name: {"signing": outside.SECRET} for name in ("chat", "sms", "weibo")}
    opened = seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"), secrets=secrets)
    Line.objects.filter(code__in=secrets).update(settings={"gateway_url": gateway.url})
    return {line.code: line for line in Line.objects.filter(pk__in=[one.pk for one in opened.values()])}


@pytest.fixture
def wang(units: Any) -> Client:
    return make_client(units["1001"], "C000001", mobile=MOBILE)


def tell(line: Line, kind: str, number: str, **more: Any) -> Any:
    """An event by HTTP, as the outside tells it."""
    body = {"event_id": number, "type": kind, "occurred_at": timezone.now().isoformat(), **more}
    return Browser().post(f"/api/v1/channels/{line.code}/events", **outside.signed(body))


def asked(line: Line, person: Any, text: str = "在吗") -> Conversation:
    """Somebody wrote, and the person has it in hand."""
    tell(line, "message", f"m-{uuid4()}", external_user_id=MOBILE, payload={"text": text})
    talk = Conversation.objects.get(line=line, contact__isnull=False)
    return desk.take(actor=person, conversation=talk)


def order(line: Line, client: Client, **more: Any) -> Delivery:
    return deliveries.order(actor=audit.SYSTEM, line=line, client=client, text="您好", **more)


def states() -> list[tuple[str, str, str]]:
    return list(Delivery.objects.order_by("id").values_list("state", "held_for", "fault"))


def test_a_reply_goes_out_once_and_its_receipts_come_back(cast, lines, gateway, wang) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="在的，请讲")
    assert sending.send_due() == 1 and sending.send_due() == 0
    sent = Delivery.objects.get()
    assert list(gateway.taken.values()) == [
        {"to": MOBILE, "text": "在的，请讲", "subject": "", "ref": sent.gateway_ref}
    ]
    assert (sent.state, sent.client, sent.exempt) == ("sent", wang, "answer")
    for number, state in (("r2", "read"), ("r1", "delivered"), ("r2", "read")):  # late, and twice
        tell(lines["sms"], "receipt", number, payload={"ref": sent.gateway_ref, "state": state})  # fmt: skip
    talk.refresh_from_db()
    sent.refresh_from_db()
    assert sent.state == "read"
    assert (talk.messages_in, talk.messages_out, talk.waiting_since) == (1, 1, None)
    assert talk.answered_at is not None
    assert list(Message.objects.order_by("id").values_list("direction", "author__username")) == [
        ("in", None), ("out", cast.agent_hq.username),
    ]  # fmt: skip


def test_nothing_personal_stands_in_clear(cast, lines, wang) -> None:
    deliveries.order(actor=audit.SYSTEM, line=lines["sms"], client=wang, text="您的两融预警")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM interactions_delivery d")
        row = cursor.fetchone()[0]
    assert MOBILE not in row and "预警" not in row
    held = Delivery.objects.get()
    assert crypto.unseal(held.recipient, held.context("recipient")) == MOBILE


def test_a_gateway_that_is_away_is_asked_again_with_the_same_key(lines, gateway, wang, morning) -> None:
    order(lines["sms"], wang)
    gateway.answers = [503, 429]
    for seconds in (31, 121, 1):
        sending.send_due()
        morning.shift(timedelta(seconds=seconds))
    assert states() == [("sent", "", "")]
    held = Delivery.objects.get()
    assert (held.attempts, gateway.calls, list(gateway.taken)) == (3, 3, [str(held.key)])


def test_it_is_given_up_after_many_attempts_and_refused_at_once(lines, gateway, wang, morning) -> None:
    order(lines["sms"], wang)
    gateway.answers = [503] * 8
    for _attempt in range(9):
        sending.send_due()
        morning.shift(timedelta(days=1))
    order(lines["sms"], wang)
    gateway.answers = [422]
    sending.send_due()
    assert [row[::2] for row in states()] == [
        ("failed", "attempts"), ("failed", "The gateway answered 422."),
    ]  # fmt: skip
    assert gateway.calls == 9 and gateway.taken == {}


def test_a_worker_that_died_leaves_the_message_to_the_next(lines, gateway, wang, morning) -> None:
    """Twice sent with one key is once for the gateway, whether it had it before or not."""
    order(lines["sms"], wang)
    taken = sending._take(set())
    assert taken is not None
    sending._carry(taken)
    Delivery.objects.update(state="sending", gateway_ref="")  # its end was never noted
    assert sending.send_due() == 0  # the lease
    morning.shift(timedelta(minutes=3))
    assert sending.send_due() == 1
    assert (gateway.calls, len(gateway.taken), states()) == (2, 1, [("sent", "", "")])


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_once(lines, gateway, wang) -> None:
    for _number in range(30):
        order(lines["sms"], wang)

    def work() -> None:
        try:
            sending.send_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (gateway.calls, len(gateway.taken)) == (30, 30)
    assert set(states()) == {("sent", "", "")}
    assert Interaction.objects.count() == 30


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        ((20, 29), None), ((20, 30), (24, 9, 0)), ((23, 59), (24, 9, 0)), ((0, 0), (23, 9, 0)),
        ((8, 59), (23, 9, 0)), ((9, 0), None), ((11, 59), None), ((12, 0), (23, 13, 30)),
        ((13, 29), (23, 13, 30)), ((13, 30), None),
    ],
)  # fmt: skip
def test_quiet_hours(clock: tuple[int, int], end: tuple[int, int, int] | None) -> None:
    moment = datetime(2026, 11, 23, *clock, tzinfo=SHANGHAI)
    assert quiet_until(moment) == (end and datetime(2026, 11, *end, tzinfo=SHANGHAI))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SHANGHAI)))
def test_quiet_hours_end_later_and_once(moment: datetime) -> None:
    end = quiet_until(moment)
    assert end is None or (
        end > moment and quiet_until(end) is None and end - moment <= timedelta(hours=12.5)
    )


def test_quiet_hours_hold_all_but_what_cannot_wait(cast, lines, gateway, wang, morning) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    morning.move_to(MORNING.replace(hour=21))
    order(lines["sms"], wang)
    for exempt in ("fraud", "margin_call", "regulatory"):
        order(lines["sms"], wang, exempt=exempt)
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="马上为您查")
    sending.send_due()
    assert states() == [("waiting", "quiet_hours", ""), *[("sent", "", "")] * 4]
    assert Delivery.objects.earliest("id").due_at == MORNING.replace(day=24, hour=9)
    morning.move_to(MORNING.replace(day=24, hour=9, minute=1))
    sending.send_due()
    assert states()[0] == ("sent", "", "")
    categories = Interaction.objects.order_by("id").values_list("category__code", "direction", "messages")
    assert list(categories) == [*[("care.risk", "out", 1)] * 3, ("care", "out", 1)]


def test_what_the_client_wants_is_asked_when_sending(cast, lines, wang) -> None:
    """Ordered while it was allowed, and not sent after it was withdrawn."""

    def said(state: str, *purposes: str) -> None:
        record_consents(actor=cast.agent_hq, client=wang, channels=["sms"], purposes=purposes, state=state,
                        source="recorded")  # fmt: skip

    said("given", "marketing", "survey")
    for purpose in ("marketing", "survey", "research", "service"):
        order(lines["sms"], wang, purpose=purpose)
    said("withdrawn", "marketing")
    sending.send_due()
    assert [row[::2] for row in states()] == [
        ("suppressed", "consent"), ("sent", ""), ("suppressed", "consent"), ("sent", ""),
    ]  # fmt: skip
    set_contact_stop(actor=cast.agent_hq, client=wang, stopped=True, reason="投诉处理中")
    order(lines["sms"], wang)
    order(lines["sms"], wang, exempt="fraud")
    Client.objects.filter(pk=wang.pk).update(status="deceased")
    sending.send_due()
    order(lines["sms"], wang, exempt="fraud")
    sending.send_due()
    assert [row[::2] for row in states()[4:]] == [("suppressed", "deceased")] * 3


def test_do_not_contact_stops_all_but_exempt_and_answers(cast, lines, wang) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    set_contact_stop(actor=cast.agent_hq, client=wang, stopped=True, reason="客户要求")
    order(lines["sms"], wang)
    order(lines["sms"], wang, exempt="margin_call")
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="好的")
    sending.send_due()
    assert [row[0] for row in states()] == ["suppressed", "sent", "sent"]


def test_an_answer_days_later_is_none_any_more(cast, lines, wang, morning) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    morning.shift(timedelta(days=3))
    set_contact_stop(actor=cast.agent_hq, client=wang, stopped=True, reason="客户要求")
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="好的")
    sending.send_due()
    assert states() == [("suppressed", "", "do_not_contact")]


def test_t_withdraws_what_is_no_service_and_bothers_nobody(cast, lines, wang, morning) -> None:
    answer = tell(lines["sms"], "message", "t-1", external_user_id=MOBILE, payload={"text": " td "})
    assert answer.json() == {"accepted": 1, "known": 0}
    assert not Conversation.objects.exists()
    said = Consent.objects.filter(client=wang).values_list("channel", "purpose", "state", "source")
    assert set(said) == {("sms", purpose, "withdrawn", "message") for purpose in
                         ("marketing", "research", "survey")}  # fmt: skip
    assert Interaction.objects.get().client == wang
    order(lines["sms"], wang, purpose="marketing")
    order(lines["sms"], wang)
    sending.send_due()
    assert [row[0] for row in states()] == ["suppressed", "sent"]


def test_an_offer_by_sms_says_how_to_be_left_alone(cast, lines, gateway, wang) -> None:
    record_consents(actor=cast.agent_hq, client=wang, channels=["sms"], purposes=["marketing"], state="given",
                    source="recorded")  # fmt: skip
    order(lines["sms"], wang, purpose="marketing")
    sending.send_due()
    assert [told["text"] for told in gateway.taken.values()] == ["您好 拒收请回复T退订"]


def test_the_same_key_orders_once(lines, wang) -> None:
    key = uuid4()
    first, second = order(lines["sms"], wang, key=key), order(lines["sms"], wang, key=key)
    assert first == second and Delivery.objects.count() == 1


def test_only_whoever_has_it_answers_and_nobody_past_the_client(cast, lines, wang) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    seen = Message.objects.latest("id").pk
    with pytest.raises(Conflict):
        deliveries.reply(actor=cast.team_lead_hq, conversation=talk, text="我来")
    tell(lines["sms"], "message", "m-9", external_user_id=MOBILE, payload={"text": "还有"})
    with pytest.raises(Stale):
        deliveries.reply(actor=cast.agent_hq, conversation=talk, text="好", seen=seen)
    with pytest.raises(ValidationError):
        deliveries.reply(actor=cast.agent_hq, conversation=talk, text="  ")
    assert not Delivery.objects.exists()
    assert ChannelEvent.objects.filter(direction="out").count() == 0


def test_a_message_that_begins_a_conversation(cast, lines, gateway, wang) -> None:
    deliveries.write(actor=cast.agent_1001, client=wang, line=lines["sms"], text="您的资料已收到")
    sending.send_due()
    talk = Conversation.objects.get()
    assert (talk.direction, talk.client, talk.agent, talk.state) == ("out", wang, cast.agent_1001, "active")
    tell(lines["sms"], "message", "m-2", external_user_id=MOBILE, payload={"text": "谢谢"})
    talk.refresh_from_db()
    assert (talk.messages_in, talk.messages_out, talk.agent) == (1, 1, cast.agent_1001)
    with pytest.raises(Conflict):
        deliveries.write(actor=cast.team_lead_1001, client=wang, line=lines["sms"], text="您好")
    assert Delivery.objects.count() == 1


def test_a_receipt_told_before_its_message_is_kept_for_later(cast, lines, gateway, wang) -> None:
    tell(lines["sms"], "receipt", "r-1", payload={"ref": "gw-1", "state": "delivered"})  # fmt: skip
    order(lines["sms"], wang)
    sending.send_due()
    early = ChannelEvent.objects.get()
    assert early.state == "waiting"
    assert try_again(event=early)
    assert Delivery.objects.get().state == "delivered"


def test_a_reply_that_failed_calls_back_to_the_conversation(cast, lines, gateway, wang) -> None:
    talk = asked(lines["sms"], cast.agent_hq)
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="好")
    desk.wrap_up(actor=cast.agent_hq, conversation=talk, wrap=desk.Wrap(category="enquiry", summary="问好"))
    gateway.answers = [400]
    sending.send_due()
    talk.refresh_from_db()
    assert (talk.state, talk.agent) == ("waiting", None) and talk.waiting_since is not None


def test_a_line_without_gateway_keeps_it_waiting_and_lets_others_go(lines, gateway, wang) -> None:
    Line.objects.filter(code="chat").update(settings={})
    contact = Contact.objects.create(kind="chat", address_index=b"1", first_seen_at=timezone.now(),
                                     last_seen_at=timezone.now(), address=b"")  # fmt: skip
    contact.address = crypto.seal("app-1", contact.context)
    contact.save()
    contact.links.create(client=wang, linked_by="test")
    for code in ("chat", "sms", "chat"):
        order(Line.objects.get(code=code), wang)
    sending.send_due()
    assert [row[0] for row in states()] == ["waiting", "sent", "waiting"]
    weibo = Line.objects.get(code="weibo")
    with pytest.raises(ValidationError):
        order(weibo, wang)  # no address there
