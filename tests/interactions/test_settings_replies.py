"""Canned replies: whose they are, which comes first, and variables that are known."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.errors import Conflict
from core.models import AuditEntry
from interactions.actions.replies import Reply, add_reply, change_reply, retire_reply
from interactions.models import CannedReply
from interactions.queries.replies import filled, replies_for

pytestmark = pytest.mark.django_db


def kept(actor: Any, code: str, title: str = "Hello", unit: Any = None, **more: Any) -> CannedReply:
    told = {"body": "{client} 您好", **more}
    return add_reply(actor=actor, reply=Reply(code=code, title=title, **told), unit=unit)


def test_own_ones_come_before_those_of_the_units_upwards(cast, units) -> None:
    kept(cast.team_lead_hq, "hello", "firm", units["HQ"])
    kept(cast.team_lead_hq, "bye", "firm", units["HQ"])
    kept(cast.team_lead_1001, "hello", "branch", units["1001"])
    kept(cast.team_lead_1001, "open", "branch", units["1001"])
    kept(cast.team_lead_1002, "open", "other branch", units["1002"])
    kept(cast.agent_1001, "open", "own")
    kept(cast.team_lead_1001, "open", "somebody else's own")
    found = [(one.code, one.title) for one in replies_for(cast.agent_1001, "chat")]
    assert found == [("open", "own"), ("hello", "branch"), ("bye", "firm")]
    assert [one.title for one in replies_for(cast.agent_hq, "chat")] == ["firm", "firm"]


def test_only_those_of_the_channel_and_in_use(cast, units) -> None:
    kept(cast.agent_1001, "mail", channels=["email"])
    gone = kept(cast.agent_1001, "old")
    retire_reply(actor=cast.agent_1001, reply=gone)
    assert replies_for(cast.agent_1001, "chat") == []
    assert [one.code for one in replies_for(cast.agent_1001, "email")] == ["mail"]
    assert kept(cast.agent_1001, "old").pk != gone.pk


def test_variables_are_filled_in_once(cast) -> None:
    reply = kept(cast.agent_1001, "all", body="{client} {agent} {unit} {today} {conversation} a{b")
    told: dict[str, Any] = {"agent_name": "刘思琪", "unit_name": "上海", "conversation": 7}
    told["today"] = date(2026, 11, 24)
    assert filled(reply, client_name="{agent}", **told) == "{agent} 刘思琪 上海 2026-11-24 7 a{b"


@pytest.mark.parametrize("body", ["{name}", "{client} {Agent}", "{ client }", "{}", "{client.mobile}"])
def test_unknown_variables_are_refused(cast, body: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kept(cast.agent_1001, "x", body=body)
    assert "{client} {agent} {unit} {today} {conversation}" in refused.value.message_dict["body"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("code", "a b"), ("code", ""), ("code", "x" * 31), ("title", " "), ("body", "x" * 2001)],
        ("channels", ["pigeon"]),
    ],
)
def test_what_cannot_be_kept(cast, field: str, value: Any) -> None:
    told = {"code": "x", "title": "x", "body": "x"} | {field: value}
    with pytest.raises(ValidationError) as refused:
        add_reply(actor=cast.agent_1001, reply=Reply(**told))
    assert list(refused.value.message_dict) == [field]


def test_one_code_once_for_each_keeper(cast, units) -> None:
    kept(cast.agent_1001, "Hello")
    kept(cast.team_lead_1001, "hello", unit=units["1001"])
    with pytest.raises(ValidationError) as refused:
        kept(cast.agent_1001, "HELLO ")
    assert "code" in refused.value.message_dict


def test_a_change_puts_a_new_one_in_its_place_and_the_second_hears_of_it(cast, units) -> None:
    first = kept(cast.team_lead_1001, "hello", unit=units["1001"])
    told = Reply(code="hello", title="new", body="new")
    second = change_reply(actor=cast.branch_manager_1001, reply=first, told=told)
    assert (second.unit, second.owner, second.title) == (units["1001"], None, "new")
    with pytest.raises(Conflict):
        change_reply(actor=cast.team_lead_1001, reply=first, told=told)
    with pytest.raises(Conflict):
        retire_reply(actor=cast.team_lead_1001, reply=first)
    noted = AuditEntry.objects.filter(subject_type="canned_reply", chain_id="1001")
    assert list(noted.order_by("pk").values_list("deed", flat=True)) == ["reply.added", "reply.changed"]


def test_the_list_shows_own_and_the_units_replies(
    client, cast, units, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        kept(cast.team_lead_hq, f"firm-{number}", unit=units["HQ"])
    kept(cast.agent_1001, "own")
    kept(cast.team_lead_1001, "private")
    kept(cast.team_lead_1002, "next", unit=units["1002"])
    client.force_login(cast.agent_1001)
    with django_assert_max_num_queries(14):
        page = client.get("/desk/settings/replies/").content.decode()
    assert page.count("/firm-") == 30 and "/own" in page
    assert "/private" not in page and "/next" not in page
    assert client.get("/desk/settings/replies/?whose=own").content.decode().count("/firm-") == 0


def test_a_reply_is_kept_changed_and_retired_on_the_pages(client, cast, units) -> None:
    client.force_login(cast.team_lead_1001)
    told = {"code": "hello", "title": "Hello", "body": "{client} {agent}", "unit": "1001"}
    assert client.post("/desk/settings/replies/new/", told).status_code == 302
    first = CannedReply.objects.get()
    assert first.unit == units["1001"]
    assert client.post("/desk/settings/replies/new/", told).status_code == 422
    assert client.post("/desk/settings/replies/new/", {**told, "unit": "1002"}).status_code == 422
    address = f"/desk/settings/replies/{first.pk}/"
    wrong = client.post(address, {**told, "body": "{name}"})
    assert wrong.status_code == 422 and "{name}" in wrong.content.decode()
    assert client.post(address, {**told, "title": "Other"}).status_code == 302
    assert client.post(address, {**told, "title": "Late"}).status_code == 409
    second = CannedReply.objects.get(retired_at=None)
    assert second.title == "Other"
    assert client.post(f"/desk/settings/replies/{second.pk}/retire/").status_code == 302
    assert not CannedReply.objects.filter(retired_at=None).exists()


def test_who_may_not_change_a_shared_reply_reads_it(client, cast, units) -> None:
    shared = kept(cast.team_lead_hq, "hello", body="Good day {client}", unit=units["HQ"])
    client.force_login(cast.team_lead_1001)
    page = client.get(f"/desk/settings/replies/{shared.pk}/").content.decode()
    assert "Good day {client}" in page and "<textarea" not in page
    assert client.post(f"/desk/settings/replies/{shared.pk}/", {}).status_code == 403
    assert client.post(f"/desk/settings/replies/{shared.pk}/retire/").status_code == 403
    own = kept(cast.agent_1001, "own")
    assert client.get(f"/desk/settings/replies/{own.pk}/").status_code == 404
