"""The league as a file, and what the trend tells of frozen periods."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from kpis import charts
from kpis.models import Scorecard, SignOff
from kpis.queries import pages
from kpis.queries.cards import trend_of
from kpis.rules import parse_period
from tests.cast import Speak
from tests.kpis.frozen import seal
from tests.kpis.test_pages import text
from tests.kpis.world import World, day

SEPTEMBER, LEAGUE = "2026-09", "/scorecards/league/"


@pytest.fixture
def made(world: World) -> World:
    """Branch 1001 with three clients of whom one was new in August; 1002 with one."""
    world.targets("month")
    for number in range(1, 3):
        world.held(f"C{number}", manager="M1001A")
    world.held("D1", "1002")
    world.client("NEW")
    world.event("NEW", "2026-08-31", "EFFECTIVE")
    world.run("2026-10-08")
    return world


def test_the_file_has_what_the_page_shows(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    browser, query = as_person(cast.value_analyst), f"?period={SEPTEMBER}&type=branch&sort=-clients"
    shown = browser.get(LEAGUE + query).context["rows"]
    answer = browser.get(f"{LEAGUE}xlsx/{query}")
    assert answer["Content-Disposition"] == f'attachment; filename="league-branch-{SEPTEMBER}.xlsx"'
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert [(row[1], row[8]) for row in rows] == [(one.card.unit_code, one.card.counts["E"]) for one in shown]
    assert [row[1] for row in rows][:2] == ["1001", "1002"]
    assert [row[0] for row in rows] == [one.place for one in shown]
    assert len(head) == len(rows[0])
    small = browser.get(f"{LEAGUE}xlsx/{query}&size=1")
    listed = {
        row[1] for row in load_workbook(BytesIO(small.content)).worksheets[0].iter_rows(values_only=True)
    }
    known = {one.card.unit_code for one in shown if one.peer.size == 1}
    assert {code for code in listed if code.isdecimal()} == known
    paper = browser.get(f"{LEAGUE}pdf/{query}")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    text(browser, f"{LEAGUE}csv/{query}", 404)
    text(browser, f"{LEAGUE}pdf/{query}&size=9", 404)
    own = as_person(cast.branch_manager_1002).get(f"{LEAGUE}xlsx/?period={SEPTEMBER}")
    codes = [row[1] for row in load_workbook(BytesIO(own.content)).worksheets[0].iter_rows(values_only=True)]
    assert codes[1:] == ["1002"]


def test_the_trend_tells_what_is_frozen(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """July signed; August signed and revised later; June signed, its later revision adopted; May not."""
    for month in ("2026-06", "2026-07", "2026-08"):
        seal(cast, month)
    for month in ("2026-06", "2026-08"):
        card = made.card(month)
        signed = card.sign_off
        Scorecard.objects.filter(pk=card.pk).update(current=False)
        card.pk, card.revision, card.state, card.current = None, 2, "provisional", True
        card.save(force_insert=True)
        if month == "2026-06":
            Scorecard.objects.filter(pk=card.pk).update(state="final")
            SignOff.objects.create(
                card=card, definition={}, confirmed_by=signed.confirmed_by, confirmed_at=signed.confirmed_at,
                signed_by=signed.signed_by, signed_at=signed.signed_at, replaces=signed, reason="late",
            )  # fmt: skip
    period = parse_period(SEPTEMBER)
    chart = charts.totals(pages.neighbours(period, trend_of("branch", "1001", period)))
    told = {row[0]: row[-1] for row in chart.table.rows}
    assert {month: told[month] for month in ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09")} == {
        "2026-05": "", "2026-06": "第 2 版在签署后采纳", "2026-07": "第 1 版已签署",
        "2026-08": "第 2 版，晚于已签署的版本", "2026-09": "",
    }  # fmt: skip
    assert dict(chart.signs) == {"◆": "采纳了较晚的版本", "■": "已签署", "◇": "签署后有修订"}
    page = text(as_person(cast.branch_manager_1001), f"/scorecards/?period={SEPTEMBER}&unit=branch:1001")
    assert all(sign in page for sign in "◆■◇")
    assert day("2026-06") == made.card("2026-06").start
