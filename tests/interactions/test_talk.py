"""The page of one conversation: answer, note, draft, pass on, put aside, check who speaks, files."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients.models import Client
from core import audit, crypto
from core.errors import Conflict
from core.files.content import File
from core.files.keeping import keep, scan
from core.models import AuditEntry
from interactions.actions import beside, desk, handing
from interactions.actions.arrival import receive_envelopes
from interactions.actions.deliveries import order
from interactions.actions.files import attach
from interactions.actions.lines import seed_lines
from interactions.channels import Envelope
from interactions.models import (
    Assignment,
    CannedReply,
    ContactLink,
    Conversation,
    Delivery,
    Draft,
    Interaction,
    Line,
    Message,
    Verification,
)
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
MOBILE = "13812345678"


@pytest.fixture(autouse=True)
def by_day() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))) as traveller:
        yield traveller


@pytest.fixture
def line(cast: Any) -> Line:
    return seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="1001"))["sms"]


@pytest.fixture
def wang(units: Any) -> Client:
    return make_client(units["1001"], "C000001", mobile=MOBILE, manager_no="M1001A")


def says(line: Line, text: str, number: str = "m1") -> None:
    told = Envelope(
        event_id=number, kind="message", occurred_at=timezone.now(), external_user_id=MOBILE,
        payload={"text": text},
    )  # fmt: skip
    receive_envelopes(line=line, envelopes=[told])


@pytest.fixture
def talk(cast: Any, line: Line, wang: Client) -> Conversation:
    says(line, "账户怎么打不开了")
    return desk.take(actor=cast.agent_1001, conversation=Conversation.objects.get())


def page(browser: Any, talk: Conversation, deed: str = "", **told: Any) -> Any:
    path = f"/desk/conversations/{talk.pk}/{deed}"
    return browser.post(path, told) if deed and deed != "said/" else browser.get(path)


def test_an_answer_by_the_page(client, cast, talk) -> None:
    client.force_login(cast.agent_1001)
    shown = page(client, talk).content.decode()
    seen = Message.objects.get().pk
    assert "账户怎么打不开了" in shown and f'name="seen" value="{seen}"' in shown
    assert page(client, talk, "reply/", text="请稍等", seen=seen).status_code == 302
    said = page(client, talk, "said/").content.decode()
    assert "请稍等" in said and "等待" in said
    assert Delivery.objects.get().message == Message.objects.latest("id")


def test_a_late_word_of_the_client_stops_the_answer_and_keeps_it(client, cast, line, talk) -> None:
    client.force_login(cast.agent_1001)
    seen = Message.objects.get().pk
    says(line, "已经好了", "m2")
    answer = page(client, talk, "reply/", text="马上处理", seen=seen)
    assert answer.status_code == 412 and "马上处理" in answer.content.decode()
    assert not Delivery.objects.exists()
    refused = page(client, talk, "reply/", text=" ", seen=seen)
    assert refused.status_code == 422


def test_only_the_hand_that_has_it_answers(client, cast, talk) -> None:
    client.force_login(cast.team_lead_1001)
    assert "reply-form" not in page(client, talk).content.decode().replace('form="reply-form"', "")
    answer = page(client, talk, "reply/", text="我来")
    assert answer.status_code == 409 and not Delivery.objects.exists()


def test_a_note_stays_in_the_house(client, cast, talk) -> None:
    client.force_login(cast.team_lead_1001)
    page(client, talk, "note/", text="VIP，请优先")
    note = Message.objects.get(kind="note")
    assert crypto.unseal(note.body, note.context) == "VIP，请优先"
    talk.refresh_from_db()
    assert (talk.messages_out, Delivery.objects.count()) == (0, 0)
    assert "VIP，请优先" in page(client, talk).content.decode()


def test_a_draft_follows_its_writer_only(client, cast, talk) -> None:
    client.force_login(cast.agent_1001)
    for text in ("您好", "您好，请"):
        assert page(client, talk, "draft/", text=text).status_code == 204
    draft = Draft.objects.get()
    assert "您好，请" not in str(bytes(draft.body)) and "您好，请" in page(client, talk).content.decode()
    client.force_login(cast.team_lead_1001)
    assert "您好，请" not in page(client, talk).content.decode()
    client.force_login(cast.agent_1001)
    page(client, talk, "draft/", text=" ")
    assert not Draft.objects.exists()


def test_who_else_looks(client, cast, talk, by_day) -> None:
    client.force_login(cast.team_lead_1001)
    page(client, talk, "look/")
    client.force_login(cast.agent_1001)
    assert cast.team_lead_1001.name in page(client, talk, "look/").content.decode()
    by_day.shift(timedelta(minutes=2))
    assert page(client, talk, "look/").content.decode().strip() == ""


def test_pass_on_to_a_colleague_and_to_a_queue(client, cast, line, talk) -> None:
    desk.set_presence(actor=cast.team_lead_1001, state="busy")
    client.force_login(cast.agent_1001)
    assert page(client, talk, "transfer/", to=cast.team_lead_1001.username).status_code == 422  # why?
    page(client, talk, "transfer/", to=cast.team_lead_1001.username, reason="需要复核")
    talk.refresh_from_db()
    assert talk.agent == cast.team_lead_1001
    client.force_login(cast.team_lead_1001)
    page(client, talk, "transfer/", unit="1001", reason="转回")
    talk.refresh_from_db()
    assert (talk.state, talk.agent, talk.unit.code) == ("waiting", None, "1001")
    hands = Assignment.objects.order_by("id").values_list("person__username", "how", "reason")
    assert list(hands) == [
        (cast.agent_1001.username, "taken", ""), (cast.team_lead_1001.username, "transferred", "需要复核"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(deed="conversation.transferred").count() == 2


def test_nothing_is_passed_to_whoever_may_not_see_the_client(cast, talk) -> None:
    with pytest.raises(ValidationError):
        handing.transfer(actor=cast.agent_1001, conversation=talk, to=cast.value_analyst, reason="x")
    with pytest.raises(Conflict):
        handing.transfer(actor=cast.team_lead_1001, conversation=talk, to=cast.agent_1001, reason="x")


def test_whoever_leads_gives(client, cast, talk) -> None:
    desk.set_presence(actor=cast.agent_hq, state="available")
    client.force_login(cast.team_lead_1001)
    page(client, talk, "give/", to=cast.agent_hq.username, reason="")
    talk.refresh_from_db()
    assert talk.agent == cast.agent_hq
    assert Assignment.objects.get(to_at__isnull=True).how == "given"


def test_put_aside_and_back(client, cast, line, talk, by_day) -> None:
    client.force_login(cast.agent_1001)
    assert page(client, talk, "snooze/", later="at").status_code == 422
    page(client, talk, "snooze/", later="tomorrow")
    talk.refresh_from_db()
    assert talk.state == "snoozed" and timezone.localtime(talk.snoozed_until).hour == 9
    assert handing.wake_snoozed() == 0
    by_day.shift(timedelta(days=1))
    assert handing.wake_snoozed() == 1
    page(client, talk, "snooze/", later="1h")
    says(line, "在吗", "m2")
    talk.refresh_from_db()
    assert (talk.state, talk.agent, talk.snoozed_until) == ("active", cast.agent_1001, None)


def test_a_check_of_identity_is_on_record(client, cast, talk) -> None:
    client.force_login(cast.agent_1001)
    page(client, talk, "verify/", method="questions", passed="1", note="两项均对")
    check = Verification.objects.get()
    assert (check.client_id, check.passed, check.checked_by) == (talk.client_id, True, cast.agent_1001)
    assert "两项均对" in page(client, talk).content.decode()
    Conversation.objects.filter(pk=talk.pk).update(client=None)
    with pytest.raises(Conflict):
        beside.verify(actor=cast.agent_1001, conversation=Conversation.objects.get(), method="bound",
                      passed=True)  # fmt: skip


def test_a_link_is_taken_back(client, cast, talk, wang) -> None:
    client.force_login(cast.agent_1001)
    link = ContactLink.objects.create(contact=talk.contact, client=wang, linked_by="x")
    assert page(client, talk, f"links/{link.pk}/end/").status_code == 302
    link.refresh_from_db()
    assert link.ended_by == cast.agent_1001.actor_name
    assert page(client, talk, f"links/{link.pk}/end/").status_code == 409


def test_a_name_holds_for_all_that_was_said_from_there(cast, line) -> None:
    """Open ones and entries in the log; a number of two clients names only the one at hand."""
    late = make_client(Unit.objects.get(code="1001"), "C000009", mobile="13700000009")
    says(line, "一")
    first = desk.take(actor=cast.agent_1001, conversation=Conversation.objects.get())
    desk.wrap_up(actor=cast.agent_1001, conversation=first, wrap=desk.Wrap(category="enquiry", summary="一"))
    Conversation.objects.update(thread="old")
    told = Envelope(event_id="x", kind="message", occurred_at=timezone.now(), external_user_id=MOBILE,
                    thread="new", payload={"text": "二"})  # fmt: skip
    receive_envelopes(line=line, envelopes=[told])
    desk.name_client(actor=cast.agent_1001, conversation=Conversation.objects.get(thread="new"), client=late)
    assert set(Conversation.objects.values_list("client", flat=True)) == {late.pk}
    entry = Interaction.objects.in_force().get()
    assert (entry.client, entry.supersedes is not None) == (late, True)


def test_a_file_is_served_to_whoever_sees_the_conversation(client, cast, talk, tmp_path, settings) -> None:
    settings.FILES_ROOT = tmp_path
    kept = [keep(File("合同 1.pdf", "application/pdf", b"%PDF-1"))]
    (file,) = attach(conversation=talk, message=None, kept=kept, added_by="x")
    client.force_login(cast.agent_1001)
    assert client.get(f"/desk/files/{file.key}/").status_code == 404  # not before the scan
    scan(file=file)
    answer = client.get(f"/desk/files/{file.key}/")
    assert answer.content == b"%PDF-1" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert AuditEntry.objects.filter(deed="attachment.opened").count() == 1


def test_canned_replies_stand_with_their_words(client, cast, talk) -> None:
    CannedReply.objects.create(code="hi", title="问候", body="{client}，您好", owner=cast.agent_1001)
    client.force_login(cast.agent_1001)
    shown = page(client, talk).content.decode()
    assert 'data-code="hi"' in shown and 'data-insert="王建国，您好"' in shown


def test_writing_first(client, cast, line, wang) -> None:
    client.force_login(cast.agent_1001)
    assert client.get("/desk/write/C000001/").status_code == 200
    refused = client.post("/desk/write/C000001/", {"line": "email", "text": "您好", "purpose": "service"})
    assert refused.status_code == 422  # an email needs a subject
    upload = SimpleUploadedFile("a.exe", b"MZ")
    told = {"line": "email", "subject": "资料", "text": "您好", "purpose": "service"}
    refused = client.post("/desk/write/C000001/", {**told, "attachments": [upload]})
    assert refused.status_code == 422 and "a.exe" in refused.content.decode()
    done = client.post("/desk/write/C000001/", {"line": "sms", "text": "您好", "purpose": "service"})
    talk = Conversation.objects.get()
    assert done.headers["Location"] == f"/desk/conversations/{talk.pk}/"
    sent = client.get("/desk/sent/").content.decode()
    assert "C000001" in sent and Delivery.objects.count() == 1


def test_the_page_costs_the_same_for_many_words(
    client, cast, line, talk, django_assert_max_num_queries
) -> None:
    for number in range(40):
        says(line, f"第 {number} 句", f"many-{number}")
    client.force_login(cast.agent_1001)
    page(client, talk)
    with django_assert_max_num_queries(27):
        assert page(client, talk).content.decode().count("desk-message") == 41


def test_the_list_of_messages_costs_the_same_for_many(
    client, cast, line, wang, talk, django_assert_max_num_queries
) -> None:
    for _number in range(20):
        order(actor=audit.SYSTEM, line=line, client=wang, text="x")
    client.force_login(cast.agent_1001)
    with django_assert_max_num_queries(13):
        shown = client.get("/desk/sent/").content.decode()
    assert shown.count("<tr") == 21


def test_other_systems_order_messages_and_read_conversations(cast, line, wang, talk, as_system) -> None:
    system = as_system("interactions:read", "interactions:write", "clients:read", at=("1001",))
    told = {"client": "C000001", "line": "sms", "text": "追保通知", "exempt": "margin_call"}
    done = system.post("/api/v1/deliveries/", told, content_type="application/json",
                       headers={"Idempotency-Key": "k1"})  # fmt: skip
    assert done.status_code == 202, done.content
    again = system.post("/api/v1/deliveries/", told, content_type="application/json",
                        headers={"Idempotency-Key": "k1"})  # fmt: skip
    assert again.json() == done.json() and Delivery.objects.count() == 1
    one = system.get(f"/api/v1/deliveries/{done.json()['id']}/")
    assert one.json().get("state") == "waiting", one.content
    assert system.get("/api/v1/deliveries/?state=sent").json()["results"] == []
    row = system.get(f"/api/v1/conversations/{talk.pk}/").json()
    assert (row["client"], row["agent"], row["messages_in"]) == ("C000001", cast.agent_1001.username, 1)
    assert [one["text"] for one in row["messages"]] == ["账户怎么打不开了"]
    assert len(system.get("/api/v1/conversations/?state=active").json()["results"]) == 1
    bad = system.post("/api/v1/deliveries/", {**told, "text": " ", "line": "hotline"},
                      content_type="application/json", headers={"Idempotency-Key": "k2"})  # fmt: skip
    assert bad.status_code == 400
