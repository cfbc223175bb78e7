"""Targets of all units at once: grid, copies, file with its faults, preview, two persons, history."""

from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.errors import Conflict, Stale
from kpis import actions
from kpis.actions.target_grid import UnitTargets
from kpis.models import Target
from kpis.queries.targets import serving
from kpis.rules import Limits, Targets, parse_period
from kpis.rules.scheme import scaled
from kpis.target_table import cell_text, columns, read_row
from staff.models import Unit
from tests.cast import Speak
from tests.kpis.world import World

PAGE = "/scorecards/targets/grid/"
COLUMNS = columns(["H", "M", "L"])
SERVING = Targets(
    {"new": Limits(Decimal("0.02"), Decimal("0.08"))}, {"H": Limits(Decimal(2000), Decimal(6000))}
)


def read(**cells: str) -> tuple[Targets, list[tuple[str, str]]]:
    """A row over what serves: the targets, and (column, words) of its faults."""
    targets, faults = read_row(1, "firm", cells, COLUMNS, SERVING)
    return targets, [(fault.column, fault.words) for fault in faults]


def test_empty_cells_keep_what_serves() -> None:
    assert read() == (SERVING, [])
    assert read(new_target="9%")[0].rates == {"new": Limits(Decimal("0.02"), Decimal("0.09"))}
    assert read(new_floor="-", new_target="-")[0] == Targets({}, SERVING.groups)
    assert read(group_H_floor="2,500")[0].groups["H"] == Limits(Decimal(2500), Decimal(6000))


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"new_floor": "x"}, "新增率, 底线", "2.5%"),
        ({"new_floor": "2.5"}, "新增率, 底线", "2.5%"),
        ({"new_floor": "0.0000001"}, "新增率, 底线", "6"),
        ({"new_floor": "9%"}, "新增率, 目标", "高于"),
        ({"lost_floor": "1%", "lost_target": "2%"}, "流失率, 目标", "低于"),
        ({"lost_floor": "1%"}, "流失率, 目标", "底线"),
        ({"new_floor": "-", "new_target": "1%"}, "新增率, 底线", "-"),
        ({"group_H_floor": "5%"}, "H 组, 底线", "CNY"),
        ({"group_H_floor": "nan"}, "H 组, 底线", "CNY"),
    ],
)
def test_what_is_wrong_names_the_cell_and_what_to_do(cells: dict[str, str], column: str, words: str) -> None:
    targets, ((found, told),) = read(**cells)
    assert (targets, found, words in told) == (SERVING, column, True)


@given(
    floor=st.decimals(0, Decimal("0.5"), places=6), target=st.decimals(Decimal("0.51"), 1, places=6),
    low=st.decimals(-1000, 0, places=4), high=st.decimals(1, 10**9, places=4),
)  # fmt: skip
def test_what_the_grid_shows_reads_as_the_same(floor: Any, target: Any, low: Any, high: Any) -> None:
    targets = Targets({"new": Limits(floor, target), "lost": Limits(target, floor)}, {"H": Limits(low, high)})
    cells = {column.key: cell_text(targets, column) for column in COLUMNS}
    assert read_row(1, "firm", cells, COLUMNS, Targets()) == (targets, [])


def test_a_factor_touches_only_what_it_is_for() -> None:
    assert scaled(SERVING, Decimal("1.1"), ["H"]) == Targets(
        SERVING.rates, {"H": Limits(Decimal("2200.0000"), Decimal("6600.0000"))}
    )


@pytest.fixture
def made(world: World) -> World:
    """The firm's targets for months; 1001 has own ones from September on."""
    world.targets("month")
    world.targets("month", unit="branch:1001", from_start=parse_period("2026-09").start, new=("0.03", "0.09"))
    return world


def stored(**which: Any) -> list[tuple[str, str, str, str]]:
    """(unit, from, new floor - target, state) of the sets, in the order they came."""
    rows = Target.objects.filter(period_type="month", **which).order_by("pk")
    return [
        (row.unit, row.first_period, f"{row.new_floor:.3f}-{row.new_target:.3f}", row.state) for row in rows
    ]


def sealed_of(page: Any) -> str:
    return page.content.decode().split('name="sealed" value="')[1].split('"')[0]


KEY = {"period_type": "month", "from_period": "2027-01", "type": ""}


def test_typed_looked_at_and_set(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    """Nothing is written by the preview; then just what it showed."""
    browser, before = as_person(cast.value_analyst), stored()
    grid = browser.get(PAGE, KEY).content.decode()
    assert 'name="branch:1001/new_floor" value="3%"' in grid
    assert 'name="branch:1002/new_floor" value="2%"' in grid
    page = browser.post(
        f"{PAGE}preview/", {**KEY, "branch:1002/new_target": "7%", "branch:1001/new_floor": "3%"}
    )
    text = page.content.decode()
    assert (page.status_code, "8%" in text, "7%" in text, stored()) == (200, True, True, before)
    assert browser.post(f"{PAGE}set/", {"sealed": sealed_of(page)}).url == "/scorecards/targets/"
    assert stored()[len(before) :] == [("branch:1002", "2027-01", "0.020-0.070", "approved")]
    assert Target.objects.latest("pk").groups.count() == 3  # the rest of what served
    again = browser.post(f"{PAGE}set/", {"sealed": sealed_of(page)})  # another set serves by now
    other = as_person(cast.value_analyst_2).post(f"{PAGE}set/", {"sealed": sealed_of(page)})
    assert (again.url, other.url, len(stored())) == (PAGE, PAGE, len(before) + 1)


def test_faults_keep_what_was_typed(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.value_analyst)
    page = browser.post(f"{PAGE}preview/", {**KEY, "branch:1002/new_target": "much", "firm/new_target": "9%"})
    text = page.content.decode()
    assert (page.status_code, 'value="much"' in text, 'value="9%"' in text) == (422, True, True)
    assert 'aria-invalid="true"' in text and "sealed" not in text
    wrong = {**KEY, "from_period": "2026-Q3"}
    assert browser.post(f"{PAGE}preview/", wrong).status_code == browser.get(PAGE, wrong).status_code == 422


def test_copied_from_another_period_or_unit_with_a_factor(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser = as_person(cast.value_analyst)
    earlier = browser.get(PAGE, {**KEY, "copy_period": "2026-08"}).content.decode()
    assert 'name="branch:1001/new_floor" value="2%" data-was="3%"' in earlier
    copied = browser.get(PAGE, {**KEY, "copy_unit": "branch:1001", "factor": "1.1", "only": "new"})
    text = copied.content.decode()
    assert 'name="branch:1002/new_floor" value="3.3%" data-was="2%"' in text
    assert 'name="branch:1002/lost_floor" value="8%" data-was="8%"' in text


def test_a_file_goes_out_and_comes_back(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    """Unchanged it changes nothing, in either language; changed it sets what it says."""
    browser: Any = as_person(cast.value_analyst)
    for language in ("zh-hans", "en"):
        browser.cookies["django_language"] = language
        content = browser.get(f"{PAGE}xlsx/", KEY).content
        page = _brought(browser, content)
        assert (page.status_code, "sealed" in page.content.decode()) == (200, False)
    book = load_workbook(BytesIO(content))
    sheet: Any = book.active
    places = {cell.value: cell.column for cell in sheet[1]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    assert sorted(rows) == [
        "branch:1001",
        "branch:1002",
        "branch:1005",
        "branch:1099",
        "firm",
        "region:R1",
        "region:R2",
    ]
    sheet.cell(rows["branch:1005"], places["New client rate, target"]).value = 0.065
    page = _brought(browser, _saved(book))
    browser.post(f"{PAGE}set/", {"sealed": sealed_of(page)})
    assert stored()[-1] == ("branch:1005", "2027-01", "0.020-0.065", "approved")


def test_faults_of_a_file_have_row_column_and_advice(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    browser: Any = as_person(cast.value_analyst)
    table = "unit,new_floor,new_target,colour\nbranch:1002,x,8%,\nbranch:9,1%,2%,\nfirm,2%,8%,\nfirm,2%,8%,\n"
    page = _brought(browser, table.encode(), "t.csv")
    text = page.content.decode()
    assert (page.status_code, "sealed" in text) == (422, False)
    told = (
        ("1", "", "colour"), ("2", "branch:1002", "新增率, 底线"), ("3", "branch:9", "机构"),
        ("5", "firm", "机构"),
    )  # fmt: skip
    for row, unit, column in told:
        assert f'name="row" value="{row}"' in text and f'name="column" value="{column}"' in text
        assert f'name="unit" value="{unit}"' in text
    sent = {"row": ["2"], "unit": ["branch:1002"], "column": ["新增率"], "words": ["=1+1"]}
    book = load_workbook(BytesIO(browser.post(f"{PAGE}faults/", sent).content))
    assert [cell.value for cell in book.active[2]] == ["2", "branch:1002", "新增率", "=1+1"]
    assert book.active["D2"].data_type == "s"
    for content in (b"name\nx\n", b"PK\x03\x04broken"):
        assert _brought(browser, content, "t.xlsx").status_code == 422


def _saved(book: Any) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _brought(browser: Any, content: bytes, name: str = "t.xlsx") -> Any:
    return browser.post(f"{PAGE}preview/", {**KEY, "sheet": "1", "file": SimpleUploadedFile(name, content)})


def test_after_the_period_began_a_second_person_answers_all(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    made.held("C1")
    made.run("2026-09-30")
    browser, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    key = {**KEY, "from_period": "2026-09"}
    page = browser.post(
        f"{PAGE}preview/", {**key, "branch:1002/new_floor": "1%", "branch:1005/new_floor": "1%"}
    )
    browser.post(f"{PAGE}set/", {"sealed": sealed_of(page)})
    waiting = {"period_type": "month", "from_start": "2026-09-01", "proposed_by": "person:luo.tianyu"}
    assert [row[3] for row in stored(unit_code__in=["1002", "1005"])] == ["proposed", "proposed"]
    browser.post("/scorecards/targets/answer/approve/", waiting)
    assert Target.objects.filter(state="proposed").count() == 2
    second.post("/scorecards/targets/answer/approve/", waiting)
    assert [row[3] for row in stored(unit_code__in=["1002", "1005"])] == ["approved", "approved"]
    assert second.post("/scorecards/targets/answer/nothing/", waiting).status_code == 404
    with pytest.raises(Conflict):
        actions.answer_many(actor=cast.value_analyst_2, targets=[], approve=True)


def test_all_or_none(made: World, cast: SimpleNamespace) -> None:
    good, bad = Limits(Decimal("0.01"), Decimal("0.05")), Limits(Decimal("0.05"), Decimal("0.01"))
    wishes = [
        UnitTargets("branch", code, Targets({"new": one})) for code, one in (("1002", good), ("1005", bad))
    ]
    before = stored()
    with pytest.raises(Exception, match=r"branch:1005\.new"):
        actions.tell_many(actor=cast.value_analyst, period_type="month", from_period=None, wishes=wishes)
    with pytest.raises(Stale):
        actions.tell_many(
            actor=cast.value_analyst, period_type="month", from_period=None,
            wishes=[UnitTargets("branch", "1002", Targets({"new": good}), seen=0)],
        )  # fmt: skip
    assert stored() == before


def test_history_and_who_sees_it(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    path = "/scorecards/targets/history/"
    own = as_person(cast.branch_manager_1001)
    assert "9%" in own.get(path, {"unit": "branch:1001", "period_type": "month"}).content.decode()
    for query in ({"unit": "branch:1002"}, {"unit": "firm"}, {"unit": "branch:1001", "period_type": "week"}):
        assert own.get(path, query).status_code == 404
    grid = own.get(PAGE).content.decode()
    assert ("branch:1001/new_floor" in grid, "branch:1002/new_floor" in grid) == (True, False)


def test_as_many_queries_for_many_units(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser, counted = as_person(cast.value_analyst), []
    region = made.units["R1"]
    for extra in (range(0), range(100)):
        Unit.objects.bulk_create(
            Unit(
                code=f"2{number:03}",
                name=f"分部{number}",
                kind="branch",
                parent=region,
                opened_on=region.opened_on,
            )
            for number in extra
        )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE, KEY).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_rest_sets_many(made: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    api = "/api/v1/kpi-targets/bulk/"
    limits = {"floors": {"new": "0.01"}, "targets": {"new": "0.05"}}
    wish = {"period_type": "month", "from_period": "2027-01", "units": [{"unit": "branch:1002", **limits}]}
    system = as_system("targets:write", at=("1002",))
    told = system.put(api, wish, content_type="application/json")
    assert (told.status_code, [one["unit"] for one in told.json()]) == (200, ["branch:1002"])
    wish["units"].append({"unit": "branch:1005", **limits})
    assert system.put(api, wish, content_type="application/json").status_code == 404
    wish["units"][1]["targets"] = {"new": "0.005"}
    bad = as_person(cast.value_analyst).put(api, wish, content_type="application/json")
    assert (bad.status_code, "branch:1005" in str(bad.json())) == (400, True)


def returned(cast: SimpleNamespace, unit: str = "1001", period: str | None = "2027-01") -> Target:
    return actions.return_to_firm(
        actor=cast.value_analyst, period_type="month", unit_type="branch", unit_code=unit,
        from_period=parse_period(period) if period else None,
    )  # fmt: skip


def floor_of(unit: str, period: str) -> Decimal | None:
    found = serving("month", *unit.split(":"), parse_period(period).start)
    return found and found.new_floor


def test_back_to_the_firms_targets(made: World, cast: SimpleNamespace, as_person: Speak) -> None:
    """From 2027 on the firm's serve 1001 again, cards too; what it had stays."""
    assert returned(cast).state == "approved"
    assert (floor_of("branch:1001", "2026-12"), floor_of("branch:1001", "2027-01")) == (
        Decimal("0.03"), Decimal("0.02"),
    )  # fmt: skip
    made.held("C1")
    made.run("2027-02-10")
    floors = [made.card(period).lines.get(indicator="new").floor for period in ("2026-12", "2027-01")]
    assert floors == [Decimal("0.03"), Decimal("0.02")]
    browser = as_person(cast.value_analyst)
    page = browser.get("/scorecards/targets/history/?unit=branch:1001").content.decode()
    assert ("恢复适用全公司的目标" in page, "3%" in page, "/targets/return/" in page) == (True, True, False)
    grid = browser.get(PAGE, {"period_type": "month", "from_period": "2027-03"}).content.decode()
    assert 'name="branch:1001/new_floor" value="2%"' in grid
    with pytest.raises(ValidationError):
        returned(cast)
    with pytest.raises(ValidationError):
        returned(cast, "1002")


def test_back_to_the_firms_waits_for_a_second_person_once_the_period_began(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    made.held("C1")
    made.run("2026-10-10")
    browser, form = as_person(cast.value_analyst), {"unit": "branch:1001", "period_type": "month"}
    path = "/scorecards/targets/return/"
    assert browser.post(path, {**form, "from_period": "soon"}).status_code == 422
    assert browser.post(path, {**form, "unit": "branch:9"}).status_code == 404
    assert browser.post(path, {**form, "from_period": "2026-09"}).status_code == 302
    target = Target.objects.get(state="proposed")
    assert (target.follows_firm, floor_of("branch:1001", "2026-09")) == (True, Decimal("0.03"))
    with pytest.raises(Conflict):
        actions.approve_targets(actor=cast.value_analyst, target=target)
    actions.approve_targets(actor=cast.value_analyst_2, target=target)
    assert floor_of("branch:1001", "2026-09") == Decimal("0.02")
    states = list(Target.objects.filter(unit_code="1001").order_by("pk").values_list("state", "follows_firm"))
    assert states == [("superseded", False), ("approved", True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(new_floor="0.1", new_target="0.2")


def test_by_rest_back_to_the_firms(made: World, as_system: Speak) -> None:
    writer = as_system("scorecards:read", "targets:write")
    wish = {"period_type": "month", "unit": "branch:1001", "from_period": "2027-01"}

    def post(key: str) -> Any:
        headers = {"Idempotency-Key": key}
        return writer.post(
            "/api/v1/kpi-targets/return/", wish, content_type="application/json", headers=headers
        )

    answer = post("one")
    assert (answer.status_code, answer.json()["follows_firm"], answer.json()["floors"]) == (
        200, True, {"profitability": {}},
    )  # fmt: skip
    assert post("two").status_code == 400


def test_client_managers_have_rows_when_asked_for(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    """Those of units in reach; theirs are copied from any unit, set, and kept as others are."""
    made.held("C1", manager="M1001A")
    made.held("C2", "1005", "M1005A")
    made.run("2026-10-10")
    browser, key = as_person(cast.value_analyst), {**KEY, "type": "manager"}
    grid = browser.get(PAGE, key).content.decode()
    assert 'name="manager:M1001A/new_floor" value="2%"' in grid
    assert 'name="manager:M1005A/new_floor"' in grid
    assert "branch:1001/" not in grid
    assert "manager:" not in browser.get(PAGE, KEY).content.decode().split("data-grid")[1]
    copied = browser.get(PAGE, {**key, "copy_unit": "branch:1001", "factor": "2"}).content.decode()
    assert 'name="manager:M1001A/new_floor" value="2%"' not in copied
    page = browser.post(f"{PAGE}preview/", {**key, "manager:M1001A/new_floor": "4%"})
    browser.post(f"{PAGE}set/", {"sealed": sealed_of(page)})
    assert stored(unit_type="manager") == [("manager:M1001A", "2027-01", "0.040-0.080", "approved")]
    assert browser.get("/scorecards/targets/history/?unit=manager:M1001A").status_code == 200
    own = as_person(cast.manager_1001a).get(PAGE, key)
    assert own.status_code == 403
