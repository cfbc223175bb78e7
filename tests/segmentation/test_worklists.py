"""Worklists of the night: who is on them against a slow reading in plain Python, and how entries end."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from clients.models import Client, ClientStanding
from core import sql
from interactions.models import Category, Interaction
from outreach.actions import due
from outreach.models import DueContact, PlanKept, ServiceTier
from outreach.queries.due import reason
from segmentation.models import ClientScore, LifecycleEvent
from segmentation.recompute import worklists
from segmentation.recompute.worklists import _birthdays
from tests.segmentation.world import World, day

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 10, 30)
LOWER = {"V1": ("V2", 32), "V2": ("V3", 52), "V3": ("V4", 72), "V4": ("V5", 87)}
RHYTHM = {"V5": 14, "V4": 30, "V3": 60, "V2": 180, "NEW": 30}
PLAN_SINCE = date(2026, 1, 1)


@pytest.fixture
def world(units: Any) -> World:
    return World(units, steps=(worklists,))


@pytest.fixture
def category(db: None) -> Category:
    return Category.objects.create(code="worklist.test", name_zh="测", name_en="test")


def speak(client: Client, on: date, agent: Any, category: Category, outcome: str = "informed") -> None:
    started = datetime(on.year, on.month, on.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    Interaction.objects.create(
        client=client, channel="phone", direction="out", agent=agent, started_at=started, started_on=on,
        category=category, summary="x", outcome=outcome, recorded_by="test",
    )  # fmt: skip


def stands(world: World, no: str, tier: str, **told: Any) -> Client:
    """A held client of a tier with its score row."""
    flags, score = told.pop("flags", []), told.pop("score", None)
    since = told.pop("tier_since", date(2025, 12, 31))
    fell = told.pop("assets_fell", False)
    client = world.client(no, **told)
    place = {"branch": client.branch, "manager_no": client.manager_no}
    ClientStanding.objects.create(
        client=client, held=True, tier=tier, tier_since=since, score=score, flags=flags, as_of=AS_OF, **place
    )
    ClientScore.objects.create(
        client=client, as_of=AS_OF, kind="individual", tier=tier, score=score, flags=flags, current=50,
        potential=60, loyalty=70, assets_fell=fell, assets_month=10, assets_month_peak=40, assets_end=20_000,
        contribution_12m=5, contribution_3m_x4=1, **place,
    )  # fmt: skip
    return client


def lists() -> set[tuple[str, str, str, date]]:
    rows = DueContact.objects.filter(state="open").select_related("client")
    return {(row.client.client_no, row.list, row.occasion, row.due_on) for row in rows}


def expected(told: dict[str, Any], spoken: list[date]) -> set[tuple[str, str, str, date]]:
    """What one client should have, read off docs/worklists.md."""
    no, tier, found = told["no"], told["tier"], set()
    if tier in RHYTHM:
        base = max(spoken) if spoken else max(told["tier_since"], PLAN_SINCE)
        due_on = max(base + timedelta(days=RHYTHM[tier]), PLAN_SINCE)
        found.add((no, "plan", base.isoformat(), due_on))
    for flag, days in (("at_risk", 3), ("dormant_asset", 14)):
        if flag in told["flags"]:
            found.add((no, flag, "2026Q4", AS_OF + timedelta(days=days)))
    if tier in LOWER and 0 < LOWER[tier][1] - told["score"] <= 3:
        found.add((no, "almost_upgraded", "2026Q4", AS_OF + timedelta(days=7)))
    if told["birth_date"]:
        born = told["birth_date"]
        for ahead in range(8):
            when = AS_OF + timedelta(days=ahead)
            if (when.month, when.day) == (born.month, born.day):
                found.add((no, "birthday", str(when.year), when))
    if told["id_expires_on"] and abs((told["id_expires_on"] - AS_OF).days) <= 30:
        found.add((no, "expiring", f"id:{told['id_expires_on']}", told["id_expires_on"]))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_night_finds_what_plain_reading_finds(
    world: World, cast: Any, category: Category, seed: int
) -> None:
    dice = random.Random(seed)
    wanted = set()
    for number in range(40):
        told: dict[str, Any] = {
            "no": f"C{number}", "tier": dice.choice(["V1", "V2", "V3", "V4", "V5"]),
            "tier_since": date(2025, 11, 1) + timedelta(days=dice.randrange(300)),
            "score": Decimal(dice.randrange(2500, 9000)) / 100,
            "flags": [flag for flag in ("at_risk", "dormant_asset") if dice.random() < 0.3],
            "birth_date": dice.choice([None, date(1980, 10, 29) + timedelta(days=dice.randrange(12))]),
            "id_expires_on": dice.choice([None, AS_OF + timedelta(days=dice.randrange(-40, 41))]),
        }  # fmt: skip
        client = stands(world, **told)
        spoken = [AS_OF - timedelta(days=dice.randrange(-5, 200)) for _ in range(dice.randrange(3))]
        for on in spoken:
            speak(client, on, cast.agent_1001, category)
        speak(client, AS_OF - timedelta(days=1), cast.agent_1001, category, "not_reached")
        wanted |= expected(told, [on for on in spoken if on <= AS_OF])
    world.run(AS_OF.isoformat())
    assert lists() == wanted
    assert all(reason(row) for row in DueContact.objects.all())
    before = list(DueContact.objects.order_by("pk").values())
    assert world.run(AS_OF.isoformat()).steps.get().rows == 0
    assert list(DueContact.objects.order_by("pk").values()) == before


def test_first_ninety_days_step_by_step(world: World) -> None:
    client = stands(world, "C1", "NEW")
    began = date(2026, 8, 1)
    LifecycleEvent.objects.create(
        client=client, on_date=began, event="EFFECTIVE", month=began, branch=client.branch
    )
    seen = {}
    for days in range(100):
        world.run((began + timedelta(days=days)).isoformat())
        rows = DueContact.objects.filter(list="first_90_days", state="open")
        seen[days] = [row.facts["day"] for row in rows]
    assert [seen[days] for days in (0, 26, 27, 56, 57, 81, 82, 94, 95)] == [
        [3], [3], [30], [30], [60], [60], [85], [85], [],
    ]  # fmt: skip


def test_birthdays_of_29_february() -> None:
    def days(as_of: str) -> dict[int, date]:
        told = _birthdays(day(as_of))
        return dict(zip(told["birthday_numbers"], told["birthday_dates"], strict=True))

    assert days("2027-02-25")[229] == day("2027-02-28")
    assert days("2028-02-25")[229] == day("2028-02-29")


def test_a_contact_closes_it_and_the_plan_counts_it(world: World, cast: Any, category: Category) -> None:
    client = stands(world, "C1", "V4", flags=["at_risk"], manager_no=cast.manager_1001a.employee_no)
    late = stands(world, "C2", "V4")
    for one, on in ((client, date(2026, 10, 4)), (late, date(2026, 10, 2))):
        speak(one, on, cast.agent_1001, category)
    world.run("2026-10-30")
    assert set(DueContact.objects.filter(client=client).values_list("owner_id", flat=True)) == {
        cast.manager_1001a.pk
    }
    speak(client, date(2026, 11, 2), cast.agent_1001, category)
    assert due.close_contacted(datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))) == 2
    ended = DueContact.objects.filter(client=client)
    assert set(ended.values_list("state", "closed_how", "contacted_on")) == {
        ("done", "contacted", date(2026, 11, 2))
    }
    world.run("2026-11-02")
    open_now = DueContact.objects.filter(client=client, state="open")
    assert [(row.list, row.occasion) for row in open_now] == [("plan", "2026-11-02")]


def test_reasons_that_go_close_it_and_return_open_it(world: World) -> None:
    client = stands(world, "C1", "V1", flags=["dormant_asset"], id_expires_on=date(2026, 11, 5))
    world.run("2026-10-30")
    ClientScore.objects.update(flags=[])
    Client.objects.update(id_expires_on=date(2046, 11, 5))
    world.run("2026-10-31")
    assert set(DueContact.objects.filter(client=client).values_list("list", "state", "closed_how")) == {
        ("dormant_asset", "lapsed", "gone"), ("expiring", "done", "renewed"),
    }  # fmt: skip
    ClientScore.objects.update(flags=["dormant_asset"])
    world.run("2026-11-03")
    again = DueContact.objects.get(list="dormant_asset")
    assert (again.state, again.opened_on, again.due_on) == ("open", day("2026-11-03"), day("2026-11-17"))
    world.run("2026-10-30")
    assert DueContact.objects.get(list="dormant_asset").opened_on == day("2026-11-03")


@time_machine.travel(datetime(2026, 10, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai")))
def test_what_people_did_stays_until_it_is_over(world: World, cast: Any) -> None:
    stands(world, "C1", "V1", flags=["dormant_asset"])
    world.run("2026-10-30")
    row = DueContact.objects.get()
    assert due.hand_to(actor=cast.team_lead_1001, ids=[row.pk], person=cast.manager_1001a) == {}
    assert due.hand_to(actor=cast.team_lead_1001, ids=[row.pk], person=cast.agent_1001).keys() == {row.pk}
    assert due.put_off(actor=cast.agent_1001, ids=[row.pk], until=date(2026, 11, 3)).keys() == {row.pk}
    world.run("2026-11-02")
    row.refresh_from_db()
    assert (row.state, row.owner_id) == ("put_off", cast.agent_1001.pk)
    world.run("2026-11-03")
    row.refresh_from_db()
    assert (row.state, row.put_off_until, row.owner_id) == ("open", None, cast.agent_1001.pk)
    assert due.close(actor=cast.agent_1001, ids=[row.pk], why="moved abroad").keys() == {row.pk}
    world.run("2026-11-04")
    row.refresh_from_db()
    assert (row.state, row.closed_how) == ("done", "by_hand")


class PowerCut(BaseException):
    """Ends a run as a kill does."""


def test_a_night_killed_anywhere_goes_on_to_the_same_rows(
    world: World, cast: Any, category: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [
        stands(world, f"C{number}", "V4", flags=["at_risk"], id_expires_on=AS_OF + timedelta(days=9))
        for number in range(6)
    ]
    ids = sorted(client.pk for client in clients)
    world.shards = ((ids[0], ids[1]), (ids[2], ids[3]), (ids[4], ids[5]))
    speak(clients[0], AS_OF - timedelta(days=40), cast.agent_1001, category)
    speak(clients[5], AS_OF - timedelta(days=10), cast.agent_1001, category)

    def rows() -> list[Any]:
        names = ("client_id", "list", "occasion", "why", "facts", "due_on", "state", "version")
        figures = PlanKept.objects.order_by("month", "tier").values_list("month", "tier", "due", "kept")
        return [*DueContact.objects.order_by("client_id", "list").values_list(*names), *figures]

    begun = transaction.savepoint()
    world.run(AS_OF.isoformat())
    whole = rows()
    transaction.savepoint_rollback(begun)
    assert rows() == []
    real = sql.run
    for cut in range(1, 29, 3):
        begun, calls = transaction.savepoint(), iter(range(1, 1000))

        def run(app: str, name: str, params: Any, cut: int = cut, calls: Any = calls) -> int:
            if next(calls) == cut:
                raise PowerCut
            return real(app, name, params)

        with monkeypatch.context() as patch:
            patch.setattr(sql, "run", run)
            with pytest.raises(PowerCut):
                world.run(AS_OF.isoformat())
        world.go_on()
        assert rows() == whole
        transaction.savepoint_rollback(begun)


def test_the_first_plan_has_every_tier() -> None:
    assert {row.tier: row.rhythm_days for row in ServiceTier.objects.all()} == {**RHYTHM, "V1": None}


@pytest.mark.parametrize("many", [20, 200])
def test_pages_ask_the_same_number_of_questions(
    world: World, cast: Any, as_person: Any, django_assert_max_num_queries: Any, many: int
) -> None:
    for number in range(many):
        stands(world, f"C{number}", "V4")
    world.run("2026-10-30")
    browser = as_person(cast.agent_1001)
    browser.get("/worklists/")
    with django_assert_max_num_queries(14):
        page = browser.get("/worklists/?size=200&list=plan")
    assert page.content.decode().count('href="/clients/C') == many
    assert "C1" in browser.get("/worklists/?client=C1").content.decode()
    assert browser.get("/worklists/clients/C1/").status_code == 200
    assert browser.get("/api/v1/due-contacts/?list=plan").json()["results"][0]["why"] == "never"


def test_the_list_shows_what_waits_unless_asked_to_look_back(world: World, cast: Any, as_person: Any) -> None:
    for number in range(3):
        stands(world, f"C{number}", "V4")
    world.run("2026-10-30")
    done = DueContact.objects.filter(client__client_no="C1")
    done.update(state="lapsed", closed_how="gone", closed_on=AS_OF)
    browser = as_person(cast.agent_1001)

    def shown(asked: str) -> set[str]:
        page = browser.get(f"/worklists/?{asked}").content.decode()
        return {no for no in ("C0", "C1", "C2") if f'href="/clients/{no}/"' in page}

    every = {"C0", "C1", "C2"}
    assert shown("") == shown("list=plan") == every - {"C1"}
    assert (shown("state=all"), shown("state=lapsed"), shown("client=C1")) == (every, {"C1"}, {"C1"})
