"""From contribution per client to its clients, their months, their trades: pages, REST, files."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from core.registry import list_sources
from interactions.models import ServiceMonth
from kpis.models import Scorecard
from kpis.queries import contributions
from kpis.queries.contributions import part_of
from kpis.rules.profits import TIERS
from segmentation.models import ScoreClose
from tests.cast import Speak
from tests.kpis.test_pages import text
from tests.kpis.world import World, day

Q3, LIST = "2026-Q3", "/scorecards/contributions/"


@pytest.fixture
def made(world: World) -> World:
    """C1 to C4 of branch 1001; C1 rises to V5 in August, C4 goes over to 1002, SERVED only cost service."""
    world.targets()
    for number in range(1, 5):
        moves = [("2026-08-16", "1002", "")] if number == 4 else []
        world.held(f"C{number}", manager="M1001A", moves=moves)
        for on in ("2026-05-31", "2026-06-30", "2026-08-31"):
            world.tier(f"C{number}", on, "V2")
        world.month(f"C{number}", "2026-07", 100 * number, 31, manager="M1001A")
    world.tier("C1", "2026-07-31", "V5")
    world.month("C1", "2026-08", "1000.5", 31, manager="M1001A")
    world.month("C4", "2026-09", "7", 30, "1002")
    world.held("SERVED")
    world.tier("SERVED", "2026-06-30", "V2")
    ServiceMonth.objects.create(
        client=world.clients["SERVED"], month=day("2026-07"), branch=world.units["1001"], cost="12.5"
    )
    world.run("2026-09-30")
    return world


def rows(browser: Browser, card: Scorecard, line: str) -> list[tuple[str, ...]]:
    """(client, months, days, average, contribution) as the list shows them."""
    shown = text(browser, f"{LIST}?card={card.pk}&{line}&col=months&col=days&col=average&col=contribution")
    lines = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", shown, re.S)
    return [
        tuple(re.sub(r"<[^>]+>", "", cell) for cell in re.split(r"</t[hd]>", line)[:-1]) for line in lines
    ]


def test_a_lines_clients_with_what_each_brought(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    analyst, card = as_person(cast.value_analyst), made.card(Q3)
    shown = text(analyst, f"/scorecards/?period={Q3}&unit=branch:1001")
    assert f"{LIST}?card={card.pk}&amp;group=M" in shown
    assert f"{LIST}?card={card.pk}&amp;tier=V5" in shown
    assert f"{LIST}?card={card.pk}&amp;tier=V1" not in shown
    names = {"C1": "客***", "C2": "客***", "C3": "客***", "C4": "客***", "SERVED": "客*******"}
    brought = {"C1": "100.00", "C2": "200.00", "C3": "300.00", "C4": "400.00"}
    listed = [(no, names[no], "1", "31", "0.33", amount) for no, amount in brought.items()]
    listed.append(("SERVED", names["SERVED"], "1", "0", "0.00", "−12.50"))
    assert rows(analyst, card, "group=M") == rows(analyst, card, "tier=V2") == listed
    assert rows(analyst, card, "group=H") == [("C1", "客***", "1", "31", "0.33", "1,000.50")]
    assert rows(analyst, card, "group=L") == []
    by_amount = [row[0] for row in rows(analyst, card, "group=M&sort=-contribution")]
    assert by_amount == ["C4", "C3", "C2", "C1", "SERVED"]
    for unit in ("region:R1", "firm"):
        assert [row[0] for row in rows(analyst, made.card(Q3, unit), "group=M")] == [*brought, "SERVED"]
    manager = made.card(Q3, "manager:M1001A")
    assert [row[0] for row in rows(analyst, manager, "group=M")] == [*brought]


def told(browser: Browser, card: Scorecard, line: str) -> contributions.Tie:
    found = browser.get(f"{LIST}sum/?card={card.pk}&{line}").context["tie"]
    assert found.told_profit == Decimal(
        next(g["profit"] for g in card.profitability["groups"] if g["group"] == "M")
    )
    return found  # type: ignore[no-any-return]


def test_the_list_adds_up_to_the_card(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """C4 moved on: its new branch sees it, the old one does not, so the old one's list lacks its 400."""
    card = made.card(Q3)
    whole = told(as_person(cast.value_analyst), card, "group=M")
    assert (whole.profit, whole.unseen_profit, whole.holds) == (Decimal("987.5"), 0, True)
    assert abs(whole.average - whole.told_average) < Decimal("1e-11")
    own = told(as_person(cast.branch_manager_1001), card, "group=M")
    assert (own.profit, own.unseen_profit, own.holds) == (Decimal("587.5"), 400, False)


def test_a_clients_months_and_what_counts_of_them(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    browser, card = as_person(cast.branch_manager_1001), made.card(Q3)
    path = f"/scorecards/{card.pk}/contributions/C1/"
    found = browser.get(f"{path}?group=M").context
    assert [(one.row.month, one.tier, one.counts) for one in found["months"]] == [
        (day("2026-07"), "V2", True), (day("2026-08"), "V5", False),
    ]  # fmt: skip
    assert (found["sums"]["contribution"], found["sums"]["days"], found["month"]) == (100, 31, "2026-07")
    high = text(browser, f"{path}?group=H")
    assert "/trading/clients/C1/trades/?month=2026-08" in high
    assert "/trading/clients/C1/incomes/?month=2026-08" in high
    assert "trades/?month=2026-07" in text(browser, f"{path}?group=H&month=2026-07")
    for wrong in ("?group=Q", "?tier=V9", "", "?group=M&tier=V2"):
        text(browser, path + wrong, 404)
    text(browser, f"/scorecards/{card.pk}/contributions/C4/?group=M", 404)
    text(as_person(cast.branch_manager_1002), f"{path}?group=M", 404)
    for wrong in (
        "",
        "?card=x&group=M",
        f"?card={card.pk}",
        f"?card={card.pk}&group=Q",
        f"?card={10**20}&group=M",
    ):
        text(browser, LIST + wrong, 404)


def test_a_lines_clients_are_those_of_the_revision_or_said_to_be_gone(
    made: World, as_person: Speak, cast: SimpleNamespace, as_system: Speak
) -> None:
    """A later run changes what group M of branch 1001 brought, not what group H did."""
    analyst, reader = as_person(cast.value_analyst), as_system("scorecards:read")
    ScoreClose.objects.filter(client__client_no="C2", as_of="2026-06-30").update(tier="V1")
    made.run("2026-10-08", since="2026-07")
    old, new = made.card(Q3, revision=1), made.card(Q3)
    assert (old.revision, new.revision) == (1, 2)
    assert rows(analyst, old, "group=H") == rows(analyst, new, "group=H") != []
    assert "其后事实已有变动" in text(analyst, f"{LIST}?card={old.pk}&group=M")
    assert reader.get(f"/api/v1/scorecards/{old.pk}/contributions/?group=M").status_code == 409
    assert [row[0] for row in rows(analyst, new, "group=M")] == ["C1", "C3", "C4", "SERVED"]
    named = list_sources()["contributions"].page_for(cast.value_analyst, f"card={old.pk}&group=M")
    assert list(named.walk()) == []


def test_the_list_is_a_source_for_files(made: World, cast: SimpleNamespace) -> None:
    """As the file is made: from name, query and person; exact; nothing without sight of the card."""
    card, source = made.card(Q3), list_sources()["contributions"]

    def cells(person: Any) -> list[list[Any]]:
        page = source.page_for(person, f"card={card.pk}&group=M&sort=contribution")
        page.chosen_columns = ["client_no", "average", "contribution"]
        return [
            [column.plain(row) for column in page.shown_columns if column.key != "name"]
            for row in page.walk(2)
        ]

    amounts = {"SERVED": "-12.5", "C1": "100", "C2": "200", "C3": "300", "C4": "400"}
    found = cells(cast.value_analyst)
    assert [(no, amount) for no, _average, amount in found] == [(no, Decimal(x)) for no, x in amounts.items()]
    assert abs(sum(average for _no, average, _amount in found) - Decimal(4) / 3) < Decimal("1e-12")
    assert [row[0] for row in cells(cast.branch_manager_1001)] == ["SERVED", "C1", "C2", "C3"]
    assert cells(cast.branch_manager_1002) == []


def test_by_rest(made: World, as_system: Speak) -> None:
    reader, card = as_system("scorecards:read"), made.card(Q3)
    path = f"/api/v1/scorecards/{card.pk}/"
    listed = reader.get(f"{path}contributions/?group=M&page_size=3").json()
    assert [one["client_no"] for one in listed["results"]] == ["C1", "C2", "C3"]
    assert listed["results"][0] == {
        "client_no": "C1", "months": 1, "days": 31, "average_clients": "0.333333", "contribution": "100.0000",
    }  # fmt: skip
    assert [one["client_no"] for one in reader.get(listed["next"]).json()["results"]] == ["C4", "SERVED"]
    assert reader.get(f"{path}contribution-sum/?group=M").json() == {
        "listed": "987.5000", "listed_average_clients": "1.333333", "card": "987.5000",
        "card_average_clients": "1.333333", "out_of_sight": "0.0000",
    }  # fmt: skip
    august = reader.get(f"{path}contributions/C1/?tier=V5").json()[1]
    assert august == {
        "month": "2026-08", "branch": "1001", "manager_no": "M1001A", "tier": "V5", "counted": True,
        "days": 31, "net_commission": "1000.5000", "margin_interest": "0.0000", "cash_spread": "0.0000",
        "product_fee": "0.0000", "other_income": "0.0000", "service_cost": "0.0000",
        "contribution": "1000.5000",
    }  # fmt: skip
    assert reader.get(f"{path}contributions/").status_code == 400
    assert reader.get(f"{path}contributions/NOBODY/?tier=V5").status_code == 404


@pytest.mark.parametrize("clients", [20, 200])
def test_the_list_costs_the_same_queries_at_any_length(
    world: World, as_person: Speak, cast: SimpleNamespace, django_assert_num_queries: Any, clients: int
) -> None:
    world.targets("month")
    for number in range(clients):
        world.held(f"C{number}")
        world.tier(f"C{number}", "2026-08-31", "V2")
        world.month(f"C{number}", "2026-09", 10)
    world.run("2026-09-30")
    path = f"{LIST}?card={world.card('2026-09').pk}&group=M&size=200"
    browser = as_person(cast.branch_manager_1001)
    text(browser, path)
    with django_assert_num_queries(QUERIES):
        text(browser, path)


QUERIES = 13
MONTHS = ("2026-07", "2026-08", "2026-09")
FACT = st.tuples(
    st.integers(0, 5), st.sampled_from(MONTHS), st.sampled_from(("1001", "1002")), st.integers(0, 31),
    st.integers(-500, 500),
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACT, unique_by=lambda fact: fact[:3]), st.data())
def test_every_line_of_every_card_adds_up(
    world: World, cast: SimpleNamespace, facts: list[tuple[int, str, str, int, int]], data: st.DataObject
) -> None:
    """Whatever the months were: each card's tiers are the sum of their lists, told by plain Python too."""
    with transaction.atomic():
        _check(world, cast, facts, data)
        transaction.set_rollback(True)
        world.clients.clear()


def _check(
    world: World, cast: SimpleNamespace, facts: list[tuple[int, str, str, int, int]], data: st.DataObject
) -> None:
    world.targets()
    tiers: dict[tuple[int, str], str] = {}
    for number in range(6):
        world.held(f"C{number}")
        for month in MONTHS:
            tier = data.draw(st.sampled_from(("", *TIERS)))
            tiers[number, month] = tier
            close = date.fromisoformat(f"{month}-01") - timedelta(days=1)
            world.tier(f"C{number}", close.isoformat(), tier)
    for number, month, branch, days, profit in facts:
        world.month(f"C{number}", month, profit, days, branch)
    world.run("2026-09-30")
    for unit in ("branch:1001", "branch:1002", "region:R1", "firm"):
        card = world.card(Q3, unit)
        for tier in TIERS:
            part = part_of(card, {"tier": tier})
            assert part is not None
            mine = [
                (number, Decimal(profit), Decimal(days) / (3 * monthrange(2026, int(month[5:]))[1]))
                for number, month, branch, days, profit in facts
                if tiers[number, month] == tier and (branch == unit[-4:] or not unit.startswith("branch"))
            ]
            found = contributions.brought_by(part, Client.objects.all())
            assert {one.client_no for one in found} == {f"C{number}" for number, *_rest in mine}
            added = contributions.tie(part, cast.value_analyst)
            assert sum(one.brought for one in found) == sum(row[1] for row in mine) == added.told_profit
            assert added.holds
            assert abs(sum(row[2] for row in mine) - added.told_average) < Decimal("1e-11")
