"""Pages of the scorecards: card, league table, clients behind a number, targets, files."""

import re
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from clients.models import ClientStanding
from kpis.exports.tables import caveat_words
from kpis.models import Scorecard, Target
from staff.roles import RIGHTS, Role
from tests.cast import Speak
from tests.kpis.world import World, day

Q3, PAGE = "2026-Q3", "/scorecards/"


@pytest.fixture
def made(world: World) -> World:
    """Cards of months and quarters with a lost, a new and a moved client in branch 1001."""
    world.targets()
    world.targets("month")
    for number in range(1, 5):
        world.held(f"C{number}", manager="M1001A")
        for on in ("2026-05-31", "2026-06-30", "2026-08-31"):
            world.tier(f"C{number}", on, "V2")
        world.month(f"C{number}", "2026-07", "100.5", 31, manager="M1001A")
    world.event("C1", "2026-08-10", "LOST", "CLOSED")
    world.held("GONE", moves=[("2026-08-01", "1002", "")])
    world.client("NEW", manager="M1001A")
    world.event("NEW", "2026-07-31", "EFFECTIVE")
    world.run("2026-09-30")
    return world


def text(browser: Any, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def test_a_branch_manager_reads_the_own_card(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    browser = as_person(cast.branch_manager_1001)
    own = text(browser, f"{PAGE}?period={Q3}&unit=branch:1001")
    card = made.card(Q3)
    assert made.units["1001"].name in own
    with override("zh-hans"):
        assert [words for words in caveat_words(card) if words not in own] == []
    for number in ("B", "N", "L", "U", "E", "T_out", "flash"):
        assert f"/scorecards/{card.pk}/clients/?number={number}" in own
    assert text(browser, PAGE)


@pytest.mark.parametrize("unit", ["branch:1002", "region:R1", "firm", "manager:M9", "branch:", "nonsense"])
def test_other_units_are_not_there(made: World, as_person: Speak, cast: SimpleNamespace, unit: str) -> None:
    text(as_person(cast.branch_manager_1001), f"{PAGE}?period={Q3}&unit={unit}", 404)


def test_periods_that_are_none_are_not_there(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    browser = as_person(cast.value_analyst)
    text(browser, f"{PAGE}?period=2026-13", 404)
    text(browser, f"{PAGE}?period=2020-01&unit=firm", 404)
    text(browser, f"{PAGE}league/?type=house", 404)


def test_every_kind_of_unit_has_its_page(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    browser = as_person(cast.value_analyst)
    for period in ("2026-09", Q3, "2026"):
        for unit in ("firm", "region:R1", "branch:1002", "manager:M1001A"):
            text(browser, f"{PAGE}?period={period}&unit={unit}")
    for unit_type in ("branch", "region", "manager"):
        text(browser, f"{PAGE}league/?period={Q3}&type={unit_type}")


def test_who_holds_no_right_and_who_sees_nothing(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    text(as_person(cast.agent_1001), PAGE, 403)
    text(as_person(cast.operator), f"{PAGE}league/", 403)
    Scorecard.objects.all().update(current=False)
    text(as_person(cast.branch_manager_1001), PAGE)


def test_a_withheld_card_says_so(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    card = made.card(Q3)
    card.lines.all().delete()
    Scorecard.objects.filter(pk=card.pk).update(
        state="withheld", total=None, notes=[{"rule": "K1", "text": "identity"}]
    )
    page = text(as_person(cast.branch_manager_1001), f"{PAGE}?period={Q3}&unit=branch:1001")
    assert 'role="alert"' in page


def test_a_withheld_cards_files_have_its_counts_and_no_indicators(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    card = made.card(Q3)
    card.lines.all().delete()
    Scorecard.objects.filter(pk=card.pk).update(state="withheld", total=None)
    browser = as_person(cast.value_analyst)
    browser.cookies["django_language"] = "en"
    book = load_workbook(BytesIO(browser.get(f"/scorecards/{card.pk}/xlsx/").content))
    words = ["New client rate", "Lost client rate", "Upgraded client rate", "Average profitability by tier"]
    rows = list(book["Indicators"].iter_rows(min_row=2, values_only=True))
    assert rows == [(name, *[None] * 6) for name in [*words, "Total"]]
    assert next(book["Counts"].iter_rows(min_row=2, values_only=True)) == ("B", "Held at the start", 5)
    assert browser.get(f"/scorecards/{card.pk}/pdf/").content[:5] == b"%PDF-"


def test_what_changed_since_the_period_before(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """Only where both periods have a total."""
    browser, path = as_person(cast.value_analyst), f"{PAGE}?period=2026-09&unit=branch:1001"
    totals = {"2026-08": "50.00", "2026-09": "62.50"}
    for period, total in totals.items():
        Scorecard.objects.filter(period=period, unit_code="1001").update(total=total)
    assert browser.get(path).context["total_change"] == Decimal("12.5")
    Scorecard.objects.filter(period="2026-08", unit_code="1001").update(total=None)
    assert browser.get(path).context["total_change"] is None
    assert browser.get(f"{PAGE}?period=2026-04&unit=branch:1001").context["total_change"] is None


def test_before_the_first_run_the_pages_say_so(
    units: dict[str, Any], as_person: Speak, cast: SimpleNamespace
) -> None:
    browser = as_person(cast.value_analyst)
    for path in (PAGE, f"{PAGE}league/"):
        answer = browser.get(path)
        assert (answer.status_code, answer.templates[0].name) == (200, "kpis/empty.html")


def test_clients_at_risk_are_told_of_the_unit_and_in_sight_only(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    """C1 and C2 of M1001A in branch 1001, GONE in 1002 without a manager."""
    for no in ("C1", "C2", "C3", "GONE"):
        client = made.clients[no]
        client.refresh_from_db()
        ClientStanding.objects.create(
            client=client, branch=client.branch, manager_no=client.manager_no, as_of=day("2026-09-30"),
            flags=[] if no == "C3" else ["at_risk"],
        )  # fmt: skip

    def told(person: Any, unit: str) -> list[tuple[str, str]]:
        browser = as_person(person)
        browser.cookies["django_language"] = "en"
        card = browser.get(f"{PAGE}?period={Q3}&unit={unit}").context["card"]
        found = browser.get(f"{PAGE}{card.pk}/needs-action/").context["insights"]
        return [(one.title, one.url) for one in found if one.icon == "shield-alert"]

    two, query = "2 valuable clients at risk", "/clients/?flag=at_risk"
    analyst = cast.value_analyst
    assert told(analyst, "branch:1001") == [(two, f"{query}&branch=1001")]
    assert told(analyst, "branch:1005") == []
    assert told(analyst, "manager:M1001A") == [(two, f"{query}&manager=M1001A")]
    assert told(analyst, "firm") == [("3 valuable clients at risk", query)]
    assert told(cast.branch_manager_1001, "branch:1001") == [(two, f"{query}&branch=1001")]
    assert told(cast.manager_1001a, "manager:M1001A") == [(two, f"{query}&manager=M1001A")]


def test_who_may_see_figures_but_no_clients_gets_403_behind_a_number(
    made: World, as_person: Speak, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RIGHTS, Role.VALUE_ANALYST, RIGHTS[Role.VALUE_ANALYST] - {"clients.view"})
    browser = as_person(cast.value_analyst)
    text(browser, f"{PAGE}?period={Q3}&unit=branch:1001")
    text(browser, f"/scorecards/{made.card(Q3).pk}/clients/?number=L", 403)


def test_from_a_number_to_its_clients_and_to_the_client(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    browser, card = as_person(cast.branch_manager_1001), made.card(Q3)
    page = text(browser, f"/scorecards/{card.pk}/clients/?number=L")
    assert "/clients/C1/" in page
    assert "/clients/C2/" not in page
    assert "客户C1" not in text(as_person(cast.value_analyst), f"/scorecards/{card.pk}/clients/?number=L")
    text(browser, f"/scorecards/{card.pk}/clients/?number=Q", 404)
    text(browser, f"/scorecards/{card.pk}/clients/", 404)
    text(as_person(cast.branch_manager_1002), f"/scorecards/{card.pk}/clients/?number=L", 404)
    assert "/clients/GONE/" not in text(browser, f"/scorecards/{card.pk}/clients/?number=T_out")


def test_the_league_names_the_units_in_sight_with_their_place(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    whole = text(as_person(cast.value_analyst), f"{PAGE}league/?period={Q3}")
    assert all(f"unit=branch:{code}" in whole for code in ("1001", "1002", "1005"))
    for sort in ("total", "-total", "new", "-lost", "upgraded", "-profitability", "clients", "-climbed"):
        text(as_person(cast.value_analyst), f"{PAGE}league/?period={Q3}&sort={sort}")
    by_clients = text(as_person(cast.value_analyst), f"{PAGE}league/?period={Q3}&sort=clients")
    places = [by_clients.index(f"unit=branch:{code}") for code in ("1005", "1002", "1001")]
    assert places == sorted(places)
    text(as_person(cast.value_analyst), f"{PAGE}league/?period={Q3}&sort=colour", 404)
    own = text(as_person(cast.branch_manager_1002), f"{PAGE}league/?period={Q3}")
    assert "unit=branch:1002" in own
    assert "unit=branch:1001" not in own


@pytest.mark.parametrize("rows", [20, 200])
@pytest.mark.parametrize("path", [f"league/?period={Q3}&type=manager", f"?period={Q3}&unit=branch:1001", ""])
def test_pages_cost_the_same_queries_at_any_length(
    made: World,
    as_person: Speak,
    cast: SimpleNamespace,
    django_assert_max_num_queries: Any,
    rows: int,
    path: str,
) -> None:
    sample = made.card(Q3)
    lines = list(sample.lines.all())
    for number in range(rows):
        sample.pk, sample.unit_code, sample.unit_type = None, f"X{number}", "manager"
        sample.save(force_insert=True)
        for line in lines:
            line.pk, line.card = None, sample
        type(lines[0]).objects.bulk_create(lines)
    browser = as_person(cast.branch_manager_1001)
    text(browser, PAGE + path)
    with django_assert_max_num_queries(15) as counted:
        text(browser, PAGE + path)
    assert len(counted) == EXPECTED_QUERIES[path.partition("?")[0]]


EXPECTED_QUERIES = {"league/": 9, "": 13}


@pytest.mark.parametrize("clients", [20, 200])
def test_the_clients_list_costs_the_same_queries_at_any_length(
    world: World, as_person: Speak, cast: SimpleNamespace, django_assert_num_queries: Any, clients: int
) -> None:
    for number in range(clients):
        world.held(f"C{number}")
    world.run("2026-09-30")
    browser, path = (
        as_person(cast.branch_manager_1001),
        f"/scorecards/{world.card(Q3).pk}/clients/?number=E&size=200",
    )
    text(browser, path)
    with django_assert_num_queries(9):
        text(browser, path)


def test_targets_by_form(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    analyst, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    path = "/scorecards/targets/"
    form = {"period_type": "quarter", "unit": "branch:1001", "from_period": Q3, "new_floor": "0.01",
            "new_target": "0.09"}  # fmt: skip
    assert analyst.post(path, {**form, "new_target": ""}).status_code == 422
    assert analyst.post(path, {**form, "new_target": "0.005"}).status_code == 422
    assert analyst.post(path, {**form, "from_period": "2026-10"}).status_code == 422
    assert analyst.post(path, {**form, "from_period": "soon"}).status_code == 422
    assert not Target.objects.filter(unit_code="1001").exists()
    always = {**form, "from_period": "", "period_type": "year", "unit": "firm"}
    assert analyst.post(path, always).status_code == 302
    assert Target.objects.get(period_type="year").first_period == ""
    Target.objects.filter(period_type="year").delete()
    assert analyst.post(path, form).status_code == 302
    target = Target.objects.get(state="proposed")
    assert f"{path}{target.pk}/approve/" in text(second, path)
    analyst.post(f"{path}{target.pk}/approve/")
    target.refresh_from_db()
    assert target.state == "proposed"
    assert second.post(f"{path}{target.pk}/approve/").status_code == 302
    target.refresh_from_db()
    assert (target.state, target.approved_by) == ("approved", "person:zhu.simin")
    assert second.post(f"{path}{target.pk}/settle/").status_code == 404
    assert as_person(cast.manager_1001a).get(path).status_code == 403


def values(page: str) -> dict[str, str]:
    """The fields of the form that hold something; options as they are chosen."""
    form = page[page.index('id="target-form"') :]
    fields = re.findall(r'<input type="(?:number|text)" name="(\w+)" value="([^"]*)"', form)
    chosen = re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', form, re.S)
    return dict(fields) | dict(chosen)


def test_the_form_holds_the_values_that_serve(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """A unit's own from the period on, else the firm's; nothing where none or no such unit is."""
    made.targets("quarter", "branch:1002", new=("0.01", "0.05"), lost=None, upgraded=None, groups={})
    made.targets("quarter", "branch:1002", day("2026-07-01"), new=("0.02", "0.06"), groups={"H": (1, 2)})
    analyst, path = as_person(cast.value_analyst), "/scorecards/targets/"
    firm = {"period_type": "month", "unit": "firm", "new_floor": "0.02", "new_target": "0.08"}
    firm |= {"lost_floor": "0.08", "lost_target": "0.03", "upgraded_floor": "0.02", "upgraded_target": "0.1"}
    firm |= {"group_H_floor": "2000", "group_H_target": "6000", "group_M_floor": "200"}
    firm |= {"group_M_target": "800", "group_L_floor": "0", "group_L_target": "60"}
    assert values(text(analyst, path)) == firm
    later = values(text(analyst, f"{path}?period_type=quarter&unit=branch:1002&from_period={Q3}"))
    assert (later["new_target"], later["group_H_target"], later["lost_floor"]) == ("0.06", "2", "0.08")
    key = {"period_type": "quarter", "unit": "branch:1002", "new_floor": "0.01", "new_target": "0.05"}
    assert values(text(analyst, f"{path}?period_type=quarter&unit=branch:1002")) == key
    assert values(text(analyst, f"{path}?period_type=quarter&unit=branch:1001")) == {
        **firm, "period_type": "quarter", "unit": "branch:1001",
    }  # fmt: skip
    empty = {"period_type": "year", "unit": "branch:1002"}
    assert values(text(analyst, f"{path}?period_type=year&unit=branch:1002")) == empty
    own = values(text(as_person(cast.branch_manager_1001), f"{path}?period_type=quarter&unit=branch:1002"))
    assert "new_floor" not in own
    unreadable = values(text(analyst, f"{path}?period_type=quarter&from_period=soon"))
    assert unreadable == {"period_type": "quarter", "unit": "firm", "from_period": "soon"}
    assert f"?unit=branch%3A1002&amp;period_type=quarter&amp;from_period={Q3}#" in text(analyst, path)


def test_xlsx_of_a_card_holds_numbers_and_no_formulas(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    card = made.card(Q3)
    Scorecard.objects.filter(pk=card.pk).update(unit_name='=HYPERLINK("http://x")')
    answer = as_person(cast.value_analyst).get(f"/scorecards/{card.pk}/xlsx/")
    assert "attachment" in answer["Content-Disposition"]
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(cell.value == 5 and cell.data_type == "n" for cell in cells)


def test_pdf_of_a_card(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    card = made.card(Q3)
    answer = as_person(cast.branch_manager_1001).get(f"/scorecards/{card.pk}/pdf/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert as_person(cast.branch_manager_1002).get(f"/scorecards/{card.pk}/pdf/").status_code == 404
