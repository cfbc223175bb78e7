"""The simulator's other tricks: one contact, a screen pop, the gateway and its moods, and its command."""

import json
import threading
import time
from http.client import HTTPConnection
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import audit
from crm.simulator.gateway import Gateway, Mood, Taken, receipts, serving
from crm.simulator.player import Known
from crm.simulator.speech import signing_headers
from interactions.actions.lines import secrets_of, seed_lines
from interactions.models import ChannelEvent, Conversation, Line
from staff.models import Unit
from tests.interactions.test_simulated_day import InProcess

SECRET = "a-secret-of-the-sms-line-0123456789"
TOKEN = "a-token-of-the-wecom-line"
OUTSIDE = Known({"sms": "sms", "wecom": "wecom"}, {"sms": {"signing": SECRET}, "wecom": {"token": TOKEN}})
MESSAGE = {"to": "13800138000", "text": "您好"}


@pytest.fixture
def lines(cast: Any) -> dict[str, Line]:
    return seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"))


def hand_over(port: int, key: str, *, secret: str = SECRET, told: Any = MESSAGE) -> tuple[int, Any]:
    raw = json.dumps(told).encode()
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Idempotency-Key": key, **signing_headers(raw, secret)}
    connection.request("POST", "/messages", raw, headers)
    answer = connection.getresponse()
    status, body = answer.status, json.loads(answer.read())
    connection.close()
    return status, body.get("ref")


def test_the_gateway_keeps_a_key_once_and_knows_whose_it_is() -> None:
    outside = Gateway(OUTSIDE)
    with serving(outside) as port:
        first, again, other = hand_over(port, "a"), hand_over(port, "a"), hand_over(port, "b", secret=TOKEN)
        assert first == again and first[0] == 200 and other[1] != first[1]
        assert hand_over(port, "c", secret="somebody else's secret")[0] == 401
        assert hand_over(port, "", told=MESSAGE)[0] == 422
        assert hand_over(port, "d", told=[])[0] == 422
    assert [(one.line, one.to) for one in outside.taken.values()] == [
        ("sms", MESSAGE["to"]),
        ("wecom", MESSAGE["to"]),
    ]
    assert (outside.calls, outside.refused) == (6, 1)


def test_many_hands_with_one_key_are_one_message() -> None:
    outside, found = Gateway(OUTSIDE, Mood(slow=0.02)), list[Any]()
    with serving(outside) as port:
        threads = [threading.Thread(target=lambda: found.append(hand_over(port, "a"))) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(found)) == 1 and len(outside.taken) == 1


def test_a_gateway_in_a_bad_mood_fails_and_is_asked_again() -> None:
    outside = Gateway(OUTSIDE, Mood(fail_rate=0.5, seed=3))
    with serving(outside) as port:
        asked = [[hand_over(port, f"k{number}")[0] for _ in range(8)] for number in range(5)]
    assert all(200 in one for one in asked) and any(503 in one for one in asked)
    assert len(outside.taken) == 5


def test_receipts_come_back_later() -> None:
    told: list[tuple[Taken, str]] = []
    outside = Gateway(OUTSIDE, Mood(bounce_rate=1), lambda message, state: told.append((message, state)))
    with serving(outside) as port:
        hand_over(port, "a")
        hand_over(port, "a")
        for _moment in range(40):
            if told:
                break
            time.sleep(0.1)
    assert [(message.line, state) for message, state in told] == [("sms", "bounced")]


@pytest.mark.django_db
def test_a_receipt_is_an_event_of_its_line(lines: dict[str, Line]) -> None:
    known = Known(
        {code: line.adapter for code, line in lines.items()},
        {code: secrets_of(line) for code, line in lines.items()},
    )
    tell = receipts(known, InProcess)
    tell(Taken("sms", "gw-1", "13800138000", "x", ""), "delivered")
    tell(Taken("wecom", "gw-2", "wm_1", "x", ""), "delivered")
    kept = ChannelEvent.objects.get()
    assert (kept.line.code, kept.kind, kept.event_id) == ("sms", "receipt", "gw-1-delivered")


@pytest.fixture
def command(lines: dict[str, Line], monkeypatch: Any) -> Any:
    """The command's way to the web is the test client."""
    monkeypatch.setattr("crm.management.commands.channel_simulator.Web", lambda _url: InProcess())

    def run(*words: str) -> str:
        out = StringIO()
        call_command("channel_simulator", *words, stdout=out)
        return out.getvalue()

    return run


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line", ["hotline", "outbound", "visit", "chat", "sms", "weibo", "wecom", "wechat", "email"]
)
def test_one_contact_by_each_line(command: Any, line: str) -> None:
    told = command("--once", line, "--number", "one@outside.example" if line == "email" else "13800138000")
    assert f"{line} " in told and ": 200 " in told
    assert Conversation.objects.get().line.code == line
    assert not ChannelEvent.objects.exclude(state="applied").exists()


@pytest.mark.django_db
def test_a_ring_is_in_front_of_the_agent(command: Any, cast: Any) -> None:
    told = command("--ring", "G1001", "--seconds", "0")
    call = Conversation.objects.get()
    assert (call.answered_by, call.agent, call.state) == (cast.agent_1001, cast.agent_1001, "wrap_up")
    assert told.count(": 200 ") == 4


@pytest.mark.django_db
def test_a_day_by_the_command_and_its_check(command: Any) -> None:
    day = ("--day", "--calls", "20", "--messages", "15", "--connections", "1", "--together", "10")
    assert "must stand" in command(*day)
    assert "all as planned" in command(*day, "--check")
    Conversation.objects.filter(channel="phone").update(hold_seconds=9999)
    with pytest.raises(CommandError, match="hold_seconds planned"):
        command(*day, "--check")
    with pytest.raises(CommandError, match="no such line"):
        command("--once", "telex")
