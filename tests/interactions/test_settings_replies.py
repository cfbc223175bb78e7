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
    told = {"agent_name": "刘思琪", "unit_name": "上海", "today": date(2026, 11, 24), "conversation": 7}
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
