"""What a day adds up to by its plan, against what the house made of it; and the check finds faults."""

from typing import Any

import pytest

from core import audit
from crm.bench.whole_day import filings
from crm.simulator import figures, reckoning
from crm.simulator.check import differences
from crm.simulator.day import Day
from crm.simulator.player import Known, play
from crm.simulator.system import Filing
from interactions import levels
from interactions.actions import desk
from interactions.actions.log import Entry, correct_interaction
from interactions.models import Assignment, Conversation, Interaction, Presence, ServiceLevel
from staff.models import Person
from tests.interactions.test_simulated_day import START, InProcess, a_day, outsider

__all__ = ["outsider"]
pytestmark = pytest.mark.django_db


def write_down_what_is_over() -> None:
    for one in Conversation.objects.filter(state="wrap_up"):
        wrap = desk.Wrap(category="enquiry.trading", summary="问新股申购")
        desk.wrap_up(actor=one.agent, conversation=one, wrap=wrap)
    desk.close_what_nobody_answered()


def file(client: Any, told: list[Filing]) -> dict[str, int]:
    """As another system does; the answered ids by key."""
    found = {}
    for one in told:
        answer = client.post(
            "/api/v1/interactions/", one.body, "application/json", headers={"Idempotency-Key": one.key}
        )
        assert answer.status_code == 201, answer.content
        assert found.setdefault(one.key, answer.json()["id"]) == answer.json()["id"]
    return found


@pytest.fixture
def played(outsider: Known, as_system: Any, cast: Any) -> tuple[Day, list[Filing], dict[str, int]]:
    """A small day from all sides, with people at the desks to whom rules give what waits."""
    for person in Person.objects.filter(employee_no__in=("G1001", "A0001")):
        desk.set_presence(actor=person, state=Presence.State.AVAILABLE)
    day = a_day(outsider, calls=60, messages=40, seed=5)
    assert play(day.sendings(), outsider, InProcess, together=20).wrong == []
    told = filings(day, 15)
    acknowledged = file(as_system("interactions:write", "clients:read", "interactions:read"), told)
    write_down_what_is_over()
    first = START.astimezone(levels.SHANGHAI).date()
    levels.rebuild(first, first)
    return day, list({one.key: one for one in told}.values()), acknowledged


def test_entries_and_half_hours_are_those_of_the_plan(played: Any) -> None:
    day, told, acknowledged = played
    assert differences(day) == []
    assert figures.figure_differences(day, told, acknowledged) == []
    assert len(acknowledged) == 15 and len(reckoning.entries(day)) > 40
    assert sum(one["offered"] for one in reckoning.half_hours(day).values()) > 40


def test_the_check_finds_what_differs(played: Any) -> None:
    day, told, acknowledged = played
    ServiceLevel.objects.filter(pk=ServiceLevel.objects.filter(answered__gt=0).earliest("pk").pk).update(
        answered=0
    )
    filed = Interaction.objects.get(pk=acknowledged[told[0].key])
    other = {**{name: getattr(filed, name) for name in ("channel", "direction", "started_at", "reference")}}
    longer = Entry(category="enquiry", summary="x", minutes=filed.minutes + 1, **other)
    correct_interaction(actor=audit.SYSTEM, original=filed, entry=longer)
    found = figures.figure_differences(day, told, {**acknowledged, "never-told": 10**9})
    kinds = [line for line in found if " planned " in line and line.endswith("differ")]
    assert [line.split(" planned ")[1] for line in kinds] == [
        "entry filed by APIs differ", "acknowledged entrys differ", "half hours differ", "agents differ",
    ]  # fmt: skip


def test_costs_are_grown_by_what_was_told(played: Any) -> None:
    day, told, _acknowledged = played
    planned = reckoning.costs([*reckoning.entries(day).values(), *reckoning.filed(told).values()])
    assert sum(number for number, *_rest in planned.values()) > 15
    assert len(figures.cost_differences(day, told, {})) > 1  # no night has been


def test_a_caller_who_gives_up_frees_whoever_it_was_given_to(outsider: Known, cast: Any) -> None:
    day = a_day(outsider, calls=40, messages=0, seed=3)
    lost = next(
        one for one in day.contacts if one.standing.line == "hotline" and one.standing.stage == "unserved"
    )
    desk.set_presence(actor=cast.agent_hq, state=Presence.State.AVAILABLE)
    alone = Day(day.asked, [lost])
    told = sorted(alone.sendings(), key=lambda one: one.event.at)
    play([one for one in told if one.event.kind != "hangup" and one.forged is None], outsider, InProcess)
    held = Conversation.objects.get()
    assert (held.state, held.agent) == ("active", cast.agent_hq)
    play([one for one in told if one.forged is None], outsider, InProcess)
    held.refresh_from_db()
    assert (held.state, held.agent) == ("waiting", None)
    assert Assignment.objects.get().to_at is not None
    assert desk.close_what_nobody_answered() == 1
    assert differences(alone) == []
