"""Scorecards and targets by REST: shapes, digits, scopes, approval (K11)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from core.models import AuditEntry
from kpis.models import Scorecard, Target
from tests.cast import Speak
from tests.kpis.world import World

Q3 = "2026-Q3"
BODY = {
    "period_type": "quarter",
    "unit": "firm",
    "floors": {"new": "0.02", "lost": "0.08", "upgraded": "0.02", "profitability": {"H": "2000"}},
    "targets": {"new": "0.08", "lost": "0.03", "upgraded": "0.10", "profitability": {"H": "6000"}},
}


@pytest.fixture
def made(world: World) -> World:
    """Cards of a quarter with a new, a lost and a moved client in branch 1001."""
    world.targets()
    for number in range(1, 5):
        world.held(f"C{number}", manager="M1001A")
        world.tier(f"C{number}", "2026-06-30", "V2")
        world.month(f"C{number}", "2026-07", "100.5", 31)
    world.event("C1", "2026-08-10", "LOST", "CLOSED")
    world.held("GONE", moves=[("2026-08-01", "1002", "")])
    world.client("NEW", manager="M1001A")
    world.event("NEW", "2026-07-31", "EFFECTIVE")
    world.run("2026-09-30")
    return world


@pytest.fixture
def reader(made: World, as_system: Speak) -> Browser:
    return as_system("scorecards:read", "clients:read", "targets:write")


def get(browser: Browser, path: str, status: int = 200) -> Any:
    answer = browser.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def put(browser: Browser, status: int, **changed: Any) -> Any:
    answer = browser.put("/api/v1/kpi-targets/", {**BODY, **changed}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def listed(browser: Browser, path: str) -> list[Any]:
    """All pages of a list."""
    rows, address = [], f"/api/v1/{path}"
    while address:
        page = browser.get(address).json()
        rows += page["results"]
        address = page["next"]
    return rows


def test_k11_a_card_as_other_systems_get_it(made: World, reader: Browser) -> None:
    found = get(reader, f"scorecards/?period={Q3}&unit=branch:1001")
    [card] = found["results"]
    assert (found["next"], found["previous"]) == (None, None)
    assert {name: card[name] for name in ("period", "start", "end", "as_of", "revision", "state")} == {
        "period": Q3, "start": "2026-07-01", "end": "2026-09-30", "as_of": "2026-09-30", "revision": 1,
        "state": "provisional",
    }  # fmt: skip
    assert card["unit"] == {"type": "branch", "code": "1001", "name": made.units["1001"].name}
    assert card["counts"] == {
        "B": 5, "N": 1, "R": 0, "L": 1, "L_in": 0, "X": 0, "T_in": 0, "T_out": 1, "E": 4, "S": 3, "S_top": 0,
        "S_new": 0, "U": 0, "D": 0, "flash": 0,
    }  # fmt: skip
    assert card["indicators"]["lost"] == {
        "raw": "0.200000", "used": "0.200000", "floor": "0.08", "target": "0.03", "score": "0.0000",
        "weight": "30",
    }  # fmt: skip
    group = next(one for one in card["indicators"]["profitability"]["groups"] if one["group"] == "M")
    assert group["weight"] == "0.3"
    assert (group["profit"], group["average_clients"], group["ap"]) == ("402.0000", "1.3333", "301.5000")
    assert (group["floor"], group["target"]) == ("200", "800")
    assert (card["scheme_version"], card["model_version"]) == (1, 1)
    assert get(reader, f"scorecards/{card['id']}/") == card


def test_k11_the_firm_has_no_code_and_a_missing_value_is_null(reader: Browser) -> None:
    [card] = get(reader, f"scorecards/?period={Q3}&unit=firm")["results"]
    assert (card["unit"]["type"], card["unit"]["code"]) == ("firm", None)
    upgraded = card["indicators"]["upgraded"]
    assert (upgraded["used"], upgraded["score"], card["flags"]) == (None, None, ["SHORT_HISTORY"])
    empty = get(reader, f"scorecards/?period={Q3}&unit=branch:1005")["results"][0]
    assert (empty["indicators"]["new"]["raw"], empty["total"], empty["completeness"]) == (None, None, "none")


def test_all_cards_in_sight_newest_first(made: World, reader: Browser, as_system: Speak) -> None:
    cards = listed(reader, f"scorecards/?period={Q3}&page_size=3")
    labels = {f"{card['unit']['type']}:{card['unit']['code']}" for card in cards}
    assert len(cards) == len(labels) == 7
    own = as_system("scorecards:read", at=("1001",), name="own")
    labels = {card["unit"]["code"] for card in listed(own, f"scorecards/?period={Q3}")}
    assert labels == {"1001", "M1001A"}
    assert get(reader, "scorecards/?unit=nonsense")["results"] == []


@pytest.mark.parametrize(
    ("number", "clients"),
    [("B", "C1 C2 C3 C4 GONE"), ("N", "NEW"), ("L", "C1"), ("E", "C2 C3 C4 NEW"), ("S", "C2 C3 C4"),
     ("T_out", "GONE"), ("T_in", ""), ("R", ""), ("X", ""), ("L_in", ""), ("S_new", ""), ("flash", "")],
)  # fmt: skip
def test_the_clients_behind_each_number(made: World, reader: Browser, number: str, clients: str) -> None:
    card = made.card(Q3)
    rows = listed(reader, f"scorecards/{card.pk}/clients/?number={number}&page_size=2")
    assert " ".join(row["client_no"] for row in rows) == clients
    assert len(rows) == card.counts[number]


def test_clients_behind_the_firms_and_a_regions_numbers(made: World, reader: Browser) -> None:
    firm, region = made.card(Q3, "firm"), made.card(Q3, "region:R1")
    for card in (firm, region):
        assert len(listed(reader, f"scorecards/{card.pk}/clients/?number=E")) == card.counts["E"] == 5
        assert listed(reader, f"scorecards/{card.pk}/clients/?number=T_out") == []
    [moved] = listed(reader, f"scorecards/{made.card(Q3, 'branch:1002').pk}/clients/?number=T_in")
    assert moved == {
        "client_no": "GONE", "branch_from": "1001", "branch_to": "1002", "manager_from": "", "manager_to": "",
        "tier_from": "", "tier_to": "",
    }  # fmt: skip


def test_an_old_revision_keeps_its_clients(made: World, reader: Browser) -> None:
    made.event("C2", "2026-08-11", "LOST", "CLOSED")
    made.run("2026-10-09", since="2026-10", dirty={"C2": "2026-08"})
    old, new = made.card(Q3, revision=1), made.card(Q3)
    assert [row["client_no"] for row in listed(reader, f"scorecards/{old.pk}/clients/?number=L")] == ["C1"]
    assert len(listed(reader, f"scorecards/{new.pk}/clients/?number=L")) == 2
    assert [card["revision"] for card in listed(reader, f"scorecards/?period={Q3}&unit=branch:1001")] == [2]


def test_what_is_not_visible_is_not_there(
    made: World, as_system: Speak, as_person: Speak, cast: SimpleNamespace
) -> None:
    own = as_system("scorecards:read", at=("1002",), name="other")
    get(own, f"scorecards/{made.card(Q3).pk}/", 404)
    get(own, f"scorecards/{made.card(Q3).pk}/clients/?number=B", 404)
    get(own, f"scorecards/{made.card(Q3, 'branch:1002').pk}/clients/?number=Z", 400)
    get(as_system("clients:read", name="without"), "scorecards/", 403)
    manager = as_person(cast.manager_1001a)
    assert {card["unit"]["code"] for card in listed(manager, f"scorecards/?period={Q3}")} == {"M1001A"}
    get(as_person(cast.analyst), "scorecards/", 403)
    region = as_person(cast.region_manager_r1)
    codes = {card["unit"]["code"] for card in listed(region, f"scorecards/?period={Q3}")}
    assert codes == {"R1", "1001", "1002", "M1001A"}


def test_a_managers_card_is_seen_by_the_manager_and_by_the_home_branch(
    made: World, as_system: Speak, as_person: Speak, cast: SimpleNamespace
) -> None:
    """M1001A has four clients in branch 1001 and one in 1005: a scope that names the manager reaches the card
    wherever the clients are, a branch only the managers most of whose clients it has."""
    made.held("FAR", "1005", "M1001A")
    made.run("2026-09-30")
    card = made.card(Q3, "manager:M1001A")
    assert (card.unit.code, card.counts["B"]) == ("1001", 5)
    home = as_system("scorecards:read", at=("1001",), name="home")
    other = as_system("scorecards:read", at=("1005",), name="other")
    path = f"scorecards/?period={Q3}&unit=manager:M1001A"
    callers = (as_person(cast.manager_1001a), home, other)
    assert [len(get(caller, path)["results"]) for caller in callers] == [1, 1, 0]
    behind = f"scorecards/{card.pk}/clients/?number=B"
    own, branch = (listed(caller, behind) for caller in callers[:2])
    assert [row["client_no"] for row in own] == ["C1", "C2", "C3", "C4", "FAR"]
    assert [row["client_no"] for row in branch] == ["C1", "C2", "C3", "C4"]
    get(other, behind, 404)


def test_clients_that_moved_out_of_sight_are_left_out(made: World, as_system: Speak) -> None:
    own = as_system("scorecards:read", at=("1001",), name="own")
    card = made.card(Q3)
    assert card.counts["T_out"] == 1
    assert listed(own, f"scorecards/{card.pk}/clients/?number=T_out") == []


# targets


def test_targets_before_any_card_are_in_force_at_once(units: Any, as_system: Speak) -> None:
    writer = as_system("targets:write", "scorecards:read")
    told = put(writer, 200)
    assert (told["state"], told["approved_by"], told["from_period"]) == ("approved", None, None)
    assert told["floors"] == BODY["floors"]
    assert told["targets"] == {**BODY["targets"], "upgraded": "0.1"}  # type: ignore[dict-item]
    assert put(writer, 200)["id"] == told["id"]
    changed = put(writer, 200, floors={"new": "0.01"}, targets={"new": "0.05"})
    assert changed["floors"] == {"new": "0.01", "profitability": {}}
    states = {row["id"]: row["state"] for row in listed(writer, "kpi-targets/")}
    assert states == {told["id"]: "superseded", changed["id"]: "approved"}
    assert AuditEntry.objects.filter(deed="targets.set").count() == 2


def test_a_begun_period_waits_for_a_second_person(
    made: World, reader: Browser, as_person: Speak, cast: SimpleNamespace
) -> None:
    Target.objects.all().delete()
    analyst, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    told = put(analyst, 202)
    assert (told["state"], told["proposed_by"]) == ("proposed", "person:luo.tianyu")
    address = f"/api/v1/kpi-targets/{told['id']}/approve/"
    assert reader.post(address).status_code == 403
    assert as_person(cast.branch_manager_1001).post(address).status_code == 403
    refused = analyst.post(address)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem:four-eyes")
    approved = second.post(address)
    assert (approved.status_code, approved.json()["approved_by"]) == (200, "person:zhu.simin")
    assert second.post(address).status_code == 409
    made.run("2026-10-08", since="2026-10")
    assert made.card(Q3).lines_by_name()["new"].floor is not None


def test_a_proposal_replaces_the_one_before_and_can_be_rejected(
    made: World, as_person: Speak, cast: Any
) -> None:
    analyst, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    first = put(analyst, 202, from_period=Q3)
    later = put(analyst, 202, from_period=Q3, floors={"new": "0"}, targets={"new": "0.5"})
    states = dict(Target.objects.filter(pk__in=[first["id"], later["id"]]).values_list("pk", "state"))
    assert states == {first["id"]: "superseded", later["id"]: "proposed"}
    assert later["from_period"] == Q3
    rejected = second.post(f"/api/v1/kpi-targets/{later['id']}/reject/")
    assert rejected.json()["state"] == "rejected"
    assert put(analyst, 200, from_period="2026-Q4")["state"] == "approved"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"floors": {"new": "0.08"}, "targets": {"new": "0.02"}}, "new"),
        ({"floors": {"lost": "0.03"}, "targets": {"lost": "0.08"}}, "lost"),
        ({"floors": {"new": "0.1"}, "targets": {"new": "0.1"}}, "new"),
        ({"floors": {"new": "0.1"}, "targets": {}}, "targets.new"),
        ({"floors": {"profitability": {"Z": "1"}}, "targets": {"profitability": {"Z": "2"}}},
         "profitability.Z"),
        ({"floors": {"profitability": {"H": "2"}}, "targets": {"profitability": {"H": "1"}}},
         "profitability.H"),
        ({"period_type": "week"}, "period_type"), ({"from_period": "2026-10"}, "from_period"),
        ({"from_period": "soon"}, "from_period"), ({"unit": "house:1"}, "unit"),
    ],
)  # fmt: skip
def test_wrong_targets_are_refused_by_field(units: Any, as_system: Speak, changed: Any, field: str) -> None:
    problem = put(as_system("targets:write"), 400, **changed)
    assert field in [error["field"] for error in problem["errors"]]
    assert not Target.objects.exists()


def test_targets_of_units_in_reach_only(made: World, as_system: Speak, as_person: Speak, cast: Any) -> None:
    manager = as_person(cast.branch_manager_1001)
    assert put(manager, 202, unit="branch:1001")["unit"] == "branch:1001"
    assert put(manager, 202, unit="manager:M1001A")["unit"] == "manager:M1001A"
    for unit in ("firm", "branch:1002", "branch:9999", "region:R1", "manager:M9"):
        put(manager, 404, unit=unit)
    put(as_person(cast.agent_1001), 403)
    other = as_person(cast.branch_manager_1002)
    assert {row["unit"] for row in listed(other, "kpi-targets/")} == {"firm"}
    assert {row["unit"] for row in listed(manager, "kpi-targets/?state=proposed")} == {
        "branch:1001",
        "manager:M1001A",
    }


def test_a_change_over_an_unread_state_is_refused(units: Any, as_system: Speak) -> None:
    writer = as_system("targets:write")
    tag = writer.put("/api/v1/kpi-targets/", BODY, content_type="application/json")["ETag"]
    changed = {**BODY, "floors": {"new": "0.01"}, "targets": {"new": "0.05"}}
    put_again = {"content_type": "application/json", "headers": {"If-Match": tag}}
    assert writer.put("/api/v1/kpi-targets/", changed, **put_again).status_code == 200
    assert writer.put("/api/v1/kpi-targets/", BODY, **put_again).status_code == 412


@pytest.mark.parametrize("rows", [20, 200])
def test_the_list_costs_the_same_queries_at_any_length(
    made: World, reader: Browser, django_assert_num_queries: Any, rows: int
) -> None:
    sample = made.card(Q3)
    for number in range(rows):
        sample.pk, sample.unit_code, sample.unit_type = None, f"X{number}", "manager"
        sample.save(force_insert=True)
    assert Scorecard.objects.filter(period=Q3).count() > rows
    get(reader, "scorecards/")
    with django_assert_num_queries(4):
        get(reader, f"scorecards/?period={Q3}&page_size=500")
