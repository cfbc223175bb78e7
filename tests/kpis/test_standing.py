"""Where a unit stands: peers by size, the tree above and below, clients that need somebody."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from clients.models import ClientStanding
from kpis.models import Scorecard
from kpis.queries.peers import Peer, places
from kpis.rules import parse_period
from segmentation.models import ModelVersion
from tests.cast import Speak
from tests.kpis.world import World, day

SEPTEMBER, NIGHT = "2026-09", "2026-09-30"


@pytest.fixture
def made(world: World) -> World:
    """Branch 1001 with five clients of two managers, 1002 with one; D1 was lost in the last days."""
    world.targets("month")
    for number, manager in enumerate(("M1001A", "M1001A", "M1001A", "M1001B", ""), 1):
        world.held(f"C{number}", manager=manager)
    world.held("D1", "1002")
    world.event("D1", "2026-09-20", "LOST", "CLOSED")
    world.held("OLD", manager="M1001A")
    world.event("OLD", "2026-08-15", "LOST", "CLOSED")
    world.run(NIGHT)
    return world


def test_classes_of_size_are_quarters_by_clients_at_the_start(made: World) -> None:
    """Eight units of a kind, two a class; places by total within it, equal totals share one."""
    sample = made.card(SEPTEMBER)
    Scorecard.objects.filter(unit_type="branch").delete()
    held = {
        "a": (5, 70),
        "b": (1, 50),
        "c": (8, None),
        "d": (2, 50),
        "e": (3, 10),
        "f": (9, 1),
        "g": (4, 20),
        "h": (7, 90),
    }
    for code, (clients, total) in held.items():
        sample.pk, sample.unit_code, sample.total = None, code, total
        sample.counts = {**sample.counts, "B": clients}
        sample.save(force_insert=True)
    assert places(parse_period(SEPTEMBER), ["branch"])["branch"].peers == {
        "b": Peer(1, 1, 2), "d": Peer(1, 1, 2), "e": Peer(2, 2, 2), "g": Peer(2, 1, 2),
        "a": Peer(3, 2, 2), "h": Peer(3, 1, 2), "c": Peer(4, None, 1), "f": Peer(4, 1, 1),
    }  # fmt: skip


def test_the_league_of_one_size(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    browser, path = as_person(cast.value_analyst), f"/scorecards/league/?period={SEPTEMBER}"
    everybody = browser.get(path).context["rows"]
    known = places(parse_period(SEPTEMBER), ["branch"])["branch"].peers
    assert {row.card.unit_code: row.peer for row in everybody} == known
    for size in (1, 2, 3, 4):
        rows = browser.get(f"{path}&size={size}").context["rows"]
        assert {row.card.unit_code for row in rows} == {
            code for code, peer in known.items() if peer.size == size
        }
    assert browser.get(f"{path}&size=5").status_code == 404


def test_up_and_down_the_tree(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """As far as it is in sight: a branch manager sees neither region nor firm."""

    def around(person: Any, unit: str) -> tuple[list[str], list[str]]:
        found = as_person(person).get(f"/scorecards/?period={SEPTEMBER}&unit={unit}").context
        return [card.unit_label for card in found["above"]], sorted(
            row.card.unit_code for row in found["below"]
        )

    analyst, manager = cast.value_analyst, cast.branch_manager_1001
    assert around(analyst, "firm") == ([], ["R1", "R2"])
    assert around(analyst, "region:R1") == (["firm"], ["1001", "1002"])
    assert around(analyst, "branch:1001") == (["firm", "region:R1"], ["M1001A", "M1001B"])
    assert around(analyst, "manager:M1001A") == (["firm", "region:R1", "branch:1001"], [])
    assert around(manager, "branch:1001") == ([], ["M1001A", "M1001B"])
    assert around(cast.manager_1001a, "manager:M1001A") == ([], [])


def test_what_needs_action_has_as_many_clients_as_its_list(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    """Tiers of the first model version: C1 of the top tier at risk, C2 and C3 below their lines, C4 on it."""
    rules = ModelVersion.objects.first_version().rules
    cut = rules.tier("V3").cut - rules.down_margin
    scores = {
        "C1": ("V5", 99),
        "C2": ("V3", cut - 1),
        "C3": ("V3", cut - 2),
        "C4": ("V3", cut),
        "D1": ("", None),
    }
    for no, (tier, score) in scores.items():
        client = made.clients[no]
        client.refresh_from_db()
        ClientStanding.objects.create(
            client=client, branch=client.branch, manager_no=client.manager_no, as_of=day(NIGHT), tier=tier,
            score=score, flags=["at_risk"] if no == "C1" else [],
        )  # fmt: skip

    def told(person: Any, unit: str) -> dict[str, set[str]]:
        browser = as_person(person)
        card = browser.get(f"/scorecards/?period={SEPTEMBER}&unit={unit}").context["card"]
        page, found = browser.get(f"/scorecards/{card.pk}/needs-action/"), {}
        for one in page.context["insights"]:
            if "/attention/" in one.url:
                clients = set(re.findall(r"/clients/([CD]\d)/", browser.get(one.url).content.decode()))
                assert one.title.endswith(f": {len(clients)}")
                found[one.url.rpartition("=")[2]] = clients
        return found

    risky, low, lost = {"C1"}, {"C2", "C3"}, {"D1"}
    analyst, manager = cast.value_analyst, cast.branch_manager_1001
    assert told(analyst, "firm") == {"at_risk_top": risky, "dropping": low, "lost": lost}
    assert told(analyst, "region:R1") == {"at_risk_top": risky, "dropping": low, "lost": lost}
    assert told(manager, "branch:1001") == {"at_risk_top": risky, "dropping": low}
    assert told(analyst, "branch:1002") == {"lost": lost}
    assert told(analyst, "manager:M1001B") == {}
    card = made.card(SEPTEMBER).pk
    assert as_person(analyst).get(f"/scorecards/{card}/attention/?kind=none").status_code == 404
    assert (
        as_person(cast.branch_manager_1002).get(f"/scorecards/{card}/attention/?kind=lost").status_code == 404
    )


def test_by_rest_as_on_the_pages(
    made: World, as_system: Speak, as_person: Speak, cast: SimpleNamespace
) -> None:
    reader, near = as_system("scorecards:read"), as_system("scorecards:read", at=("1001",), name="near")
    league, path = "/api/v1/scorecards/league/", f"?period={SEPTEMBER}&unit_type=branch&sort=-clients"
    shown = as_person(cast.value_analyst).get(f"/scorecards/league/?period={SEPTEMBER}&sort=-clients")
    rows = reader.get(league + path).json()
    assert [(one["unit"]["code"], one["place"], one["size"], one["size_place"]) for one in rows] == [
        (row.card.unit_code, row.place, row.peer.size, row.peer.place) for row in shown.context["rows"]
    ]
    assert {one["size"] for one in reader.get(f"{league}{path}&size=2").json()} == {2}
    assert [one["unit"]["code"] for one in near.get(league + path).json()] == ["1001"]
    for wrong in ("?period=soon", f"{path}&size=9", f"{path}&sort=colour", f"{path}&unit_type=desk"):
        assert reader.get(league + wrong).status_code == 400
    card = f"/api/v1/scorecards/{made.card(SEPTEMBER).pk}/"
    tree = reader.get(f"{card}tree/").json()
    assert [one["unit"]["type"] for one in tree["above"]] == ["firm", "region"]
    assert sorted(one["unit"]["code"] for one in tree["below"]) == ["M1001A", "M1001B"]
    assert near.get(f"{card}tree/").json()["above"] == []
    assert near.get(f"/api/v1/scorecards/{made.card(SEPTEMBER, 'branch:1002').pk}/tree/").status_code == 404
    lost = f"/api/v1/scorecards/{made.card(SEPTEMBER, 'branch:1002').pk}/attention/"
    assert {one["kind"]: one["clients"] for one in reader.get(lost).json()} == {
        "at_risk_top": 0, "dropping": 0, "lost": 1,
    }  # fmt: skip
    assert [one["client_no"] for one in reader.get(f"{lost}clients/?kind=lost").json()["results"]] == ["D1"]
    assert reader.get(f"{lost}clients/?kind=none").status_code == 400
