"""REST of the value model (api.md, S9, S12): the documents, who sees them, and how many queries they take."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from segmentation.queries import units
from staff.scope import Scope
from tests.cast import Speak, make_cast
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, day

D = Decimal


@pytest.fixture
def firm(world: World) -> World:
    """Five clients of branch 1001, one of 1005, one of the first five still NEW."""
    for number in range(1, 6):
        client = world.client(f"C{number}", declared_outside_assets=D(5_000))
        world.months(
            client, "2024-01", "2024-05", 1_000 * number, net_commission=100 * number, trades=number % 2
        )
    far = world.client("FAR", branch="1005")
    world.months(far, "2024-01", "2024-05", 10_000, branch="1005")
    young = world.client("YOUNG", opened_on=date(2024, 4, 2), callback_passed_on=date(2024, 4, 3))
    world.months(young, "2024-04", "2024-05", 10_000)
    for client in world.clients.values():
        client.months.filter(month=date(2024, 1, 1)).update(net_commission=60)
    publish_ladder()
    world.run("2024-05-20")
    return world


@pytest.fixture
def caller(firm: World, as_system: Speak) -> Browser:
    return as_system("scores:read", "clients:read")


def get(caller: Browser, path: str, status: int = 200) -> Any:
    answer = caller.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_score_tells_everything_behind_it(caller: Browser) -> None:
    found = get(caller, "clients/C3/score/")
    assert (found["client_no"], found["as_of"], found["model_version"]) == ("C3", "2024-05-20", 1)
    assert (found["tier"], found["tier_reason"], found["provisional"]) == ("V1", "score", False)
    assert found["tier_since"] == "2024-01-31"
    assert list(found["axes"]) == ["current", "potential", "loyalty"]
    part = found["axes"]["current"]["indicators"]["contribution_12m"]
    assert part == {
        "raw": "1260.0000",
        "score": "21.34",
        "weight": "0.70",
        "used_weight": "0.7000",
        "adds": "7.47",
    }
    added = sum(
        D(indicator["adds"])
        for axis in found["axes"].values()
        for indicator in axis["indicators"].values()
        if indicator["adds"]
    )
    assert abs(added - D(found["score"])) < D("0.1")
    assert found["clv"] is not None


def test_s12_a_close_the_night_and_dates_that_are_not_kept(caller: Browser) -> None:
    assert get(caller, "clients/C3/score/?as_of=2024-02-29")["as_of"] == "2024-02-29"
    assert get(caller, "clients/C3/score/?as_of=2024-05-20")["as_of"] == "2024-05-20"
    for path in ("clients/C3/score/?as_of=2024-05-19", "clients/C3/score/?as_of=2023-12-31",
                 "clients/YOUNG/score/?as_of=2024-03-31", "scores/?as_of=2024-05-19"):  # fmt: skip
        problem = get(caller, path, 404)
        assert problem["type"].endswith("no-score")
    assert get(caller, "clients/C3/score/?as_of=may", 400)["errors"][0]["field"] == "as_of"


def test_s12_lists_hold_all_with_a_tier_new_without_a_score(caller: Browser) -> None:
    found = {row["client_no"]: row for row in get(caller, "scores/")["results"]}
    assert len(found) == 7
    assert (found["YOUNG"]["tier"], found["YOUNG"]["score"], found["YOUNG"]["tier_reason"]) == (
        "NEW",
        None,
        "new",
    )
    assert "indicators" not in found["C1"]["axes"]["current"]
    assert (
        found["C1"]["axes"]["current"]["score"]
        == get(caller, "clients/C1/score/")["axes"]["current"]["score"]
    )
    assert [row["client_no"] for row in get(caller, "scores/?tier=NEW")["results"]] == ["YOUNG"]
    assert len(get(caller, "scores/?as_of=2024-03-31")["results"]) == 6
    assert get(caller, "scores/?tier=V9", 400)["errors"][0]["code"] == "invalid_choice"


def test_lists_by_unit_page_and_order(caller: Browser) -> None:
    assert [row["client_no"] for row in get(caller, "scores/?unit=branch:1005")["results"]] == ["FAR"]
    assert len(get(caller, "scores/?unit=region:R1")["results"]) == 6
    assert len(get(caller, "scores/?unit=firm")["results"]) == 7
    get(caller, "scores/?unit=branch:9999", 404)
    get(caller, "scores/?unit=moon", 404)
    page = get(caller, "scores/?page_size=2&ordering=-score")
    numbers = [row["client_no"] for row in page["results"]]
    while page["next"]:
        page = caller.get(page["next"]).json()
        numbers += [row["client_no"] for row in page["results"]]
    assert sorted(numbers) == ["C1", "C2", "C3", "C4", "C5", "FAR", "YOUNG"]
    assert numbers[-1] == "YOUNG"


def test_s9_tier_migrations(caller: Browser) -> None:
    found = get(caller, "tier-migrations/?from=2024-03-31&to=2024-04-30")["results"]
    assert {"from": None, "to": "NEW", "clients": 1} in found
    assert sum(row["clients"] for row in found) == 7
    to_tonight = get(caller, "tier-migrations/?from=2024-04-30&to=2024-05-20&unit=branch:1005")["results"]
    assert to_tonight == [{"from": "V2", "to": "V2", "clients": 1}]
    assert get(caller, "tier-migrations/?from=2024-03-30&to=2024-04-30", 404)["type"].endswith("no-score")
    assert get(caller, "tier-migrations/?from=2024-03-31", 400)["errors"][0]["field"] == "to"


def test_months_and_events(caller: Browser, firm: World) -> None:
    firm.service(firm.clients["C3"], "2024-04", "7.25")
    months = get(caller, "clients/C3/months/")["results"]
    assert [row["month"] for row in months] == ["2024-05", "2024-04", "2024-03", "2024-02", "2024-01"]
    april = months[1]
    assert (april["service_cost"], april["contribution"]) == ("7.2500", "292.7500")
    assert (april["branch"], april["manager"], april["as_of"]) == ("1001", "", "2024-05-20")
    assert april["assets_avg"] == "3000.0000"
    events = get(caller, "clients/YOUNG/events/")["results"]
    assert events == [
        {"date": "2024-04-30", "event": "EFFECTIVE", "reason": "", "branch": "1001", "manager": ""}
    ]


def test_breakpoints(caller: Browser) -> None:
    found = get(caller, "models/1/breakpoints/?kind=individual&indicator=contribution_12m")["results"]
    assert len(found) == 101
    assert found[37] == {"p": 37, "value": "3700.0000"}
    assert get(caller, "models/1/breakpoints/?kind=product&indicator=recency_days")["results"] == []
    get(caller, "models/9/breakpoints/?kind=individual&indicator=recency_days", 404)
    get(caller, "models/1/breakpoints/?kind=individual&indicator=luck", 400)


def test_units_and_scopes_bound_what_a_system_sees(firm: World, as_system: Speak) -> None:
    near = as_system("scores:read", at=("1001",), name="near")
    assert {row["client_no"] for row in get(near, "scores/")["results"]} == {
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "YOUNG",
    }
    get(near, "clients/FAR/score/", 404)
    get(near, "scores/?unit=branch:1005", 404)
    get(near, "scores/?unit=firm", 404)
    assert (
        sum(row["clients"] for row in get(near, "tier-migrations/?from=2024-04-30&to=2024-05-20")["results"])
        == 6
    )
    get(near, "clients/C1/months/", 403)
    get(as_system("clients:read", name="other"), "scores/", 403)


def test_a_managers_clients_are_a_unit_of_their_own(world: World, as_system: Speak) -> None:
    """M1 has clients in 1001 and 1005, M2 in 1001 only: who sees one branch only knows no figures of M1."""
    for no, branch, manager in (("A", "1001", "M1"), ("B", "1005", "M1"), ("C", "1001", "M2")):
        client = world.client(no, branch=branch, manager_no=manager)
        world.months(client, "2024-01", "2024-05", 20_000, branch=branch, net_commission=100)
    publish_ladder()
    world.run("2024-05-20")
    firm, near, far = (as_system("scores:read", at=(code,), name=code) for code in ("HQ", "1001", "1005"))
    moves = "tier-migrations/?from=2024-04-30&to=2024-05-20&unit=manager:"

    def seen(caller: Browser, manager: str) -> tuple[int, str, int]:
        """Status, clients of the list, clients of the migrations."""
        answers = [caller.get(f"/api/v1/{path}{manager}") for path in ("scores/?unit=manager:", moves)]
        assert answers[0].status_code == answers[1].status_code
        scores, moved = (answer.json().get("results", []) for answer in answers)
        numbers = "".join(sorted(row["client_no"] for row in scores))
        return answers[0].status_code, numbers, sum(row["clients"] for row in moved)

    nothing = (404, "", 0)
    found = {no: [seen(caller, no) for caller in (firm, near, far)] for no in ("M1", "M2", "M9")}
    assert found == {
        "M1": [(200, "AB", 2), nothing, nothing],
        "M2": [(200, "C", 1), (200, "C", 1), nothing],
        "M9": [(200, "", 0), nothing, nothing],
    }
    get(firm, "scores/?unit=manager:", 404)
    get(firm, "scores/?unit=hq:HQ")
    get(near, "scores/?unit=hq:HQ", 404)


def test_a_scope_that_names_the_manager_reaches_the_clients_wherever_they_are(world: World) -> None:
    for no, branch in (("A", "1001"), ("B", "1005")):
        world.client(no, branch=branch, manager_no="M1")
    scope, on = Scope(manager_nos=frozenset({"M1"}), clients=True), date(2024, 5, 20)
    choice = units.named("manager:M1", scope, on)
    assert set(choice.narrow(Client.objects.all()).values_list("client_no", flat=True)) == {"A", "B"}
    assert choice.params() == {"is_firm": False, "branch_ids": [], "manager_nos": ["M1"]}
    assert units.of_scope(scope) == choice
    for name in ("manager:M2", "branch:1001", "firm"):
        with pytest.raises(units.UnitUnknown):
            units.named(name, scope, on)


def test_before_the_first_run_there_is_no_score(world: World, as_system: Speak) -> None:
    assert get(as_system("scores:read"), "scores/", 404)["type"].endswith("no-score")


def test_who_left_has_no_tier_and_a_month_without_trading_days_no_average(
    world: World, as_system: Speak
) -> None:
    client = world.client("C1")
    world.months(client, "2024-01", "2024-04", 20_000, net_commission=100, trades=1)
    world.month(client, "2024-05", days=0, outflow=5)
    world.custody(client, "2024-05-12", 0)
    publish_ladder()
    world.run("2024-05-31")
    caller = as_system("scores:read", "clients:read")
    get(caller, "clients/C1/score/?as_of=2024-05-31", 404)
    months = get(caller, "clients/C1/months/")["results"]
    assert [(row["month"], row["assets_avg"]) for row in months[:2]] == [
        ("2024-05", None), ("2024-04", "20000.0000"),
    ]  # fmt: skip


def test_people_read_scores_by_their_rights(firm: World, as_person: Speak) -> None:
    cast: SimpleNamespace = make_cast(firm.units)
    assert len(get(as_person(cast.value_analyst), "scores/")["results"]) == 7
    assert len(get(as_person(cast.branch_manager_1001), "scores/")["results"]) == 6
    get(as_person(cast.agent_1001), "scores/", 403)
    get(as_person(cast.agent_1001), "clients/C1/score/")


@pytest.mark.parametrize("path", ["scores/", "scores/?as_of=2024-04-30&unit=branch:1001"])
def test_as_many_queries_for_many_rows_as_for_few(firm: World, caller: Browser, path: str) -> None:
    get(caller, path)
    join = "&" if "?" in path else "?"
    counts = []
    for size in (1, 6):
        with CaptureQueriesContext(connection) as queries:
            assert len(get(caller, f"{path}{join}page_size={size}")["results"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_explanation_takes_few_queries(caller: Browser) -> None:
    get(caller, "clients/C3/score/")
    with CaptureQueriesContext(connection) as queries:
        get(caller, f"clients/C3/score/?as_of={day('2024-05-20')}")
    assert len(queries) <= 15
