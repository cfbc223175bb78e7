"""Two years by tier, cohorts by opening quarter, current by potential; by unit and manager, counted anew."""

import re
from collections import Counter
from dataclasses import fields
from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from segmentation.models import CellFigure, ClientScore, ScoreClose, TierFigure
from segmentation.queries import figures, overview
from segmentation.queries.cells import Wanted
from segmentation.queries.units import UnitChoice
from tests.cast import Speak, make_cast
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World, day

D = Decimal
FIRM = UnitChoice(firm=True)
NIGHT = "2025-08-12"


@pytest.fixture
def firm(world: World) -> World:
    """Clients of two branches and two managers, some opened in 2024, one of them lost in May 2025."""
    for number in range(1, 11):
        opened = date(2024, 1 + number, 3) if number > 5 else date(2020, 1, 1)
        manager = ("M1", "M2", "")[number % 3]
        branch = "1002" if number % 4 == 0 else "1001"
        client = world.client(
            f"C{number}", opened_on=opened, callback_passed_on=opened, branch=branch, manager_no=manager
        )
        first = f"{opened:%Y-%m}" if number > 5 else "2024-01"
        world.months(client, first, "2025-08", number * 12_000, branch=branch, manager_no=manager,
                     net_commission=number * 70, trades=1)  # fmt: skip
    world.custody(world.clients["C7"], "2025-05-12", 0)
    world.clients["C7"].months.filter(month__gt=day("2025-05-31")).update(assets_sum=0)
    publish_ladder()
    world.run(NIGHT)
    return world


@pytest.fixture
def cast(firm: World) -> SimpleNamespace:
    return make_cast(firm.units)


def units(firm: World) -> list[tuple[UnitChoice, Any]]:
    """Each choice beside a plain test of a row of scores."""
    branch = firm.units["1002"].pk
    return [
        (FIRM, lambda _row: True),
        (UnitChoice(branch_ids=(branch,)), lambda row: row.branch_id == branch),
        (UnitChoice(manager_nos=("M1",)), lambda row: row.manager_no == "M1"),
    ]


def rows_of(as_of: date) -> list[Any]:
    table = ClientScore if as_of == day(NIGHT) else ScoreClose
    return list(table.objects.filter(as_of=as_of))


def test_tiers_over_time_are_the_sums_of_the_rows(firm: World) -> None:
    days = figures.shown_closes([day("2024-01-31"), day("2025-01-31"), day("2025-07-31")], day(NIGHT))
    assert days == [day("2024-01-31"), day("2025-01-31"), day("2025-07-31"), day(NIGHT)]
    for unit, belongs in units(firm):
        for one in figures.over_time(days, unit):
            rows = [row for row in rows_of(one.as_of) if belongs(row)]
            assert {tier: sums.clients for tier, sums in one.tiers.items()} == Counter(
                row.tier for row in rows
            )
            for tier, sums in one.tiers.items():
                mine = [row for row in rows if row.tier == tier]
                assert sums.contribution == sum(row.contribution_12m for row in mine)
                assert sums.assets == sum(row.assets_end or 0 for row in mine)
                assert sums.score_sum == sum(row.score or 0 for row in mine)


def test_cells_are_the_sums_of_the_rows(firm: World) -> None:
    for as_of in (day("2025-07-31"), day(NIGHT)):
        for unit, belongs in units(firm):
            expected: Counter[tuple[int, int]] = Counter()
            for row in rows_of(as_of):
                if belongs(row) and row.score is not None:
                    bands = tuple(
                        -1 if axis is None else min(4, int(axis // 20))
                        for axis in (row.current, row.potential)
                    )
                    expected[bands[0], bands[1]] += 1
            assert expected or not unit.firm
            assert {place: cell.clients for place, cell in figures.cells(as_of, unit).items()} == expected


def slow_cohorts(firm: World, until: date, belongs: Any) -> dict[tuple[date, int], tuple[int, int]]:
    """(effective, held) by quarter of opening and quarters since, client by client, from the events."""
    found: dict[tuple[date, int], tuple[int, int]] = {}
    ends = [date(year, month, last) for year in (2023, 2024, 2025) for month, last in
            ((3, 31), (6, 30), (9, 30), (12, 31))]  # fmt: skip
    for client in firm.clients.values():
        quarter = date(client.opened_on.year, client.opened_on.month - (client.opened_on.month - 1) % 3, 1)
        events = sorted(client.events.all(), key=lambda event: event.on_date)
        entry = next((event for event in events if event.event == "EFFECTIVE"), None)
        if entry is None or not belongs(entry) or quarter < date(2023, 7, 1):
            continue
        for end in ends:
            if entry.on_date <= end <= until and end >= date(2024, 1, 31):
                age = (end.year - quarter.year) * 4 + (end.month - 1) // 3 - (quarter.month - 1) // 3
                past = [event for event in events if event.on_date <= end]
                is_held = past[-1].event in ("EFFECTIVE", "REACTIVATED")
                effective, held = found.get((quarter, age), (0, 0))
                found[quarter, age] = (effective + 1, held + is_held)
    return found


def test_cohorts_are_those_counted_client_by_client(firm: World) -> None:
    for unit, belongs in units(firm):
        found = {
            (cohort.quarter, age): (cohort.entered[age], cohort.held[age])
            for cohort in figures.cohorts(day(NIGHT), unit)
            for age in cohort.entered
        }
        assert found == slow_cohorts(firm, day("2025-06-30"), belongs)
    whole = {cohort.quarter: cohort for cohort in figures.cohorts(day(NIGHT), FIRM)}
    assert whole[date(2024, 7, 1)].retention(3) == D(1) / 2 or whole[date(2024, 7, 1)].retention(3) < 1


def test_a_manager_has_an_overview_too(firm: World) -> None:
    for as_of in (day("2025-07-31"), day(NIGHT)):
        found = overview.overview(as_of, UnitChoice(manager_nos=("M2",)))
        rows = [row for row in rows_of(as_of) if row.manager_no == "M2"]
        assert found.whole.clients == len(rows) > 1
        assert found.whole.contribution == sum(row.contribution_12m for row in rows)
        assert found.concentration()[-1] == (1.0, 1.0)


def test_late_truth_makes_the_figures_of_its_months_anew(firm: World) -> None:
    """A loss of March told in August changes cohorts and tiers from March on, and nothing before."""
    before = list(TierFigure.objects.filter(as_of__lt=day("2025-03-01")).values_list())
    firm.custody(firm.clients["C6"], "2025-03-10", 0)
    firm.run("2025-08-13", since="2025-08", dirty={firm.clients["C6"]: "2025-03"})
    assert list(TierFigure.objects.filter(as_of__lt=day("2025-03-01")).values_list()) == before
    assert sum(row.clients for row in TierFigure.objects.filter(as_of="2025-03-31")) == 9
    entered, held = slow_cohorts(firm, day("2025-06-30"), lambda _event: True)[date(2024, 7, 1), 2]
    cohort = next(one for one in figures.cohorts(day("2025-08-13"), FIRM) if one.quarter == date(2024, 7, 1))
    assert (cohort.entered[2], cohort.held[2]) == (entered, held)
    assert not CellFigure.objects.filter(as_of=NIGHT).exists()  # the night before is gone


def test_pages_show_pictures_links_and_the_file(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.value_analyst)
    page = browser.get("/segments/history/", headers={"Accept-Language": "en"})
    assert page.content.decode().count("<svg") >= 2
    assert "2024-Q3" in browser.get("/segments/cohorts/?manager=M1").content.decode()
    book = load_workbook(BytesIO(browser.get("/segments/file/").content))
    assert len(book.sheetnames) == 4
    first = book.worksheets[0]
    assert first.max_row > 20


NUMBER = re.compile(r'<a href="(/clients/[?][^"]+)"[^>]*>([0-9,]+)</a>')
SHARE = re.compile(r'title="([^"]+)"><a href="(/clients/[?][^"]*kept=held[^"]*)"')


def told(page: str) -> list[tuple[str, int]]:
    """Every number of a page that leads to clients, with where it leads."""
    plain = [(url, int(number.replace(",", ""))) for url, number in NUMBER.findall(page)]
    shares = [(url, min(map(int, re.findall("[0-9]+", words)))) for words, url in SHARE.findall(page)]
    return plain + shares


CHOICES = ("", "as_of=2025-06-30&start=2025-04-30&end=2025-06-30", "unit=branch:1001&start=2025-05-31",
           "manager=M1&as_of=2025-05-31")  # fmt: skip


def test_every_number_leads_to_just_so_many_clients(
    firm: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.value_analyst)
    seen: Counter[str] = Counter()
    for choice in CHOICES:
        for path in ("", "cells/", "cohorts/"):
            for url, number in told(browser.get(f"/segments/{path}?{choice}").content.decode()):
                asked = url.replace("&amp;", "&")
                assert browser.get(asked).context["list"].queryset.count() == number, asked
                seen.update(QueryDict(asked.partition("?")[2]).keys())
    assert set(seen) == {one.name for one in fields(Wanted)}
    by_rest = browser.get(f"/api/v1{asked}").json()["results"]
    assert len(by_rest) == number > 0


def test_cells_are_asked_for_within_sight(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    """A unit out of sight, a date without figures and words that mean nothing show nobody."""
    analyst, manager = as_person(cast.value_analyst), as_person(cast.branch_manager_1002)
    for browser, query, expected in (
        (analyst, "unit=branch:1001&tier_on=none", 0), (manager, "on=2025-07-31&unit=branch:1001", 0),
        (analyst, "on=2025-07-30", 0), (analyst, "since=2020-01-31", 0), (analyst, "on=soon", 0),
        (analyst, "unit=galaxy:9", 0), (analyst, "unit=region:R1&unit=branch:1002&on=2025-07-31", 2),
        (analyst, "opened=2024-Q3&kept=lost", 1), (manager, "on=2025-07-31", 2),
    ):  # fmt: skip
        page = browser.get(f"/clients/?{query}").context["list"]
        assert page.queryset.count() == expected, query


def test_a_branch_sees_its_own_and_numbers_come_by_rest(
    firm: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.branch_manager_1002)
    told = browser.get("/api/v1/segment-figures/tiers/").json()
    tonight = [one for one in told["results"] if one["as_of"] == NIGHT]
    assert sum(one["clients"] for one in tonight) == 2
    assert browser.get("/api/v1/segment-figures/cells/?unit=branch:1001").status_code == 404
    cells = browser.get("/api/v1/segment-figures/cells/").json()
    assert sum(one["clients"] for one in cells["results"]) == 2
    cohorts = as_person(cast.value_analyst).get("/api/v1/segment-figures/cohorts/").json()["results"]
    assert {one["quarter"] for one in cohorts} >= {"2024-Q3", "2024-Q4"}
    assert browser.get("/api/v1/segment-figures/cells/?as_of=2020-01-31").status_code == 404


def test_pages_take_few_queries_however_many_clients(
    firm: World, cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    browser = as_person(cast.value_analyst)
    for path in ("history", "cohorts", "cells"):
        browser.get(f"/segments/{path}/")
        with django_assert_max_num_queries(14):
            browser.get(f"/segments/{path}/")
