"""Why a card changed and two units side by side: pages, clients who differ, REST."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from kpis.models import Scorecard
from kpis.queries.compared import compared
from tests.cast import Speak
from tests.kpis.world import World

Q3, Q2 = "2026-Q3", "2026-Q2"


@pytest.fixture
def made(world: World) -> World:
    """Branch 1001 loses C1 in the third quarter and, as a late feed tells, C2 too; 1002 stays as it is."""
    world.targets()
    world.targets("month")
    for number in range(1, 9):
        branch, manager = ("1001", "M1001A") if number < 6 else ("1002", "")
        world.held(f"C{number}", branch, manager)
        for on in ("2026-03-31", "2026-04-30", "2026-06-30", "2026-07-31", "2026-09-30"):
            world.tier(f"C{number}", on, "V3" if on > "2026-09" and number == 3 else "V2")
        for month in ("2026-05", "2026-08"):
            world.month(f"C{number}", month, 100 * number, 30, branch, manager)
    world.event("C1", "2026-08-10", "LOST", "CLOSED")
    world.run("2026-09-30")
    world.event("C2", "2026-08-11", "LOST", "CLOSED")
    world.run("2026-10-09", since="2026-10", dirty={"C2": "2026-08"})
    return world


def path(made: World, page: str, before: str = Q3, after: str = Q3, unit: str = "branch:1001") -> str:
    """The address of a page of two cards; revision 1 and the current one where the period is the same."""
    first = made.card(before, unit, 1 if before == after else None)
    return {
        "why": f"/scorecards/{made.card(after, unit).pk}/why/?with={first.pk}",
        "came": f"/scorecards/{made.card(after, unit).pk}/differing/?not={first.pk}",
        "went": f"/scorecards/{first.pk}/differing/?not={made.card(after, unit).pk}",
        "api": f"/api/v1/scorecards/compare/?from={first.pk}&to={made.card(after, unit).pk}",
        "clients": f"/api/v1/scorecards/compare/clients/?from={first.pk}&to={made.card(after, unit).pk}",
    }[page]


def page(browser: Browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def test_every_card_against_every_other_of_its_unit_adds_up(made: World) -> None:
    """Whatever is stored: the parts of points and scores are the change of what stands on the cards."""
    cards = list(
        Scorecard.objects.exclude(total=None).prefetch_related("lines").order_by("start", "revision")
    )
    pairs = [(one, other) for one in cards for other in cards if one.unit_label == other.unit_label]
    assert len(pairs) > 20
    for before, after in pairs:
        change = compared(before, after).change
        assert change is not None
        assert change.total.difference is not None
        told = Decimal(change.total.difference.numerator) / Decimal(change.total.difference.denominator)
        assert abs(told - (after.total - before.total)) < Decimal("1e-11")
        assert sum(change.total.parts.values()) == change.total.difference


def test_a_late_loss_is_what_became_of_them_and_names_the_client(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    browser = as_person(cast.branch_manager_1001)
    answer = browser.get(path(made, "why"))
    assert answer.status_code == 200
    [lost] = [row for row in answer.context["rates"] if row.of == ("1 / 5", "2 / 5")]
    volume, rate, _adjusted, small = lost.parts
    assert (lost.told.difference > 0, volume, rate) == (True, 0, Decimal("20.00"))
    assert volume + rate + small == lost.told.difference
    rows = answer.context["points"]
    assert sum(row.difference for row in rows[:-1]) == rows[-1].difference == sum(rows[-1].parts)
    assert [sum(row.parts) for row in rows] == [row.difference for row in rows]
    found = page(browser, f"{path(made, 'came')}&number=L")
    assert ("/clients/C2/" in found, "/clients/C1/" in found) == (True, False)
    assert "/clients/C2/" in page(browser, f"{path(made, 'went')}&number=E")
    assert "/clients/C2/" not in page(browser, f"{path(made, 'came')}&number=E")


def test_without_a_choice_the_revision_before_then_the_period_before(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    browser = as_person(cast.value_analyst)

    def other(period: str, revision: int | None = None) -> Any:
        shown = browser.get(f"/scorecards/{made.card(period, revision=revision).pk}/why/").context.get(
            "other"
        )
        return shown and (shown.period, shown.revision)

    assert (other(Q3), other(Q3, 1), other(Q2)) == ((Q3, 1), (Q2, 1), None)
    assert "2026-Q2" in page(browser, path(made, "why", Q2))


def test_what_cannot_be_compared_or_is_out_of_sight_is_not_there(
    made: World, as_person: Speak, cast: SimpleNamespace
) -> None:
    analyst, manager = as_person(cast.value_analyst), as_person(cast.branch_manager_1001)
    own, other, month = made.card(Q3).pk, made.card(Q3, "branch:1002").pk, made.card("2026-09").pk
    for address in (
        f"{own}/why/?with={other}", f"{own}/why/?with={month}", f"{own}/why/?with=x", f"{own}/why/?with=0",
        f"{own}/differing/?not={other}&number=Q", f"{own}/differing/?not={month}&number=L",
        "compare/?unit=nonsense", f"compare/?period={Q3}&unit=branch:1001&other=region:R1",
    ):  # fmt: skip
        page(analyst, f"/scorecards/{address}", 404)
    for address in (f"{other}/why/", f"compare/?period={Q3}&unit=branch:1001&other=branch:1002"):
        page(manager, f"/scorecards/{address}", 404)


def test_two_units_side_by_side(made: World, as_person: Speak, cast: SimpleNamespace) -> None:
    """1002 lost nobody; the better of two numbers is marked, and what parts them adds up."""
    browser = as_person(cast.value_analyst)
    found = browser.get(f"/scorecards/compare/?period={Q3}&unit=branch:1001&other=branch:1002").context
    lost = next(pair for pair in found["counts"] if pair.name == "L")
    assert (lost.before, lost.after, lost.difference, lost.better) == (2, 0, -2, 1)
    assert [pair.better for pair in found["used"] if pair.name == "lost"] == [1]
    assert [pair.better for pair in found["counts"] if pair.name in ("B", "S")] == [0, 0]
    assert found["points"][-1].difference == sum(row.difference for row in found["points"][:-1])
    alone = page(as_person(cast.branch_manager_1001), f"/scorecards/compare/?period={Q3}&unit=branch:1001")
    assert "branch:1002" not in alone


def test_a_withheld_card_has_only_its_counts_compared(
    made: World, as_person: Speak, cast: SimpleNamespace, as_system: Speak
) -> None:
    card = made.card(Q3)
    card.lines.all().delete()
    Scorecard.objects.filter(pk=card.pk).update(state="withheld", total=None)
    answer = as_person(cast.value_analyst).get(path(made, "why"))
    assert (answer.status_code, answer.context["points"], answer.context["way"]) == (200, [], None)
    body = as_system("scorecards:read").get(path(made, "api")).json()
    assert (body["total"], body["counts"]["L"]) == (None, {"before": 1, "after": 2})


def test_by_rest_parts_add_up_to_the_last_digit(made: World, as_system: Speak) -> None:
    reader = as_system("scorecards:read", "clients:read")
    body = reader.get(path(made, "api")).json()
    assert (body["before"]["revision"], body["after"]["revision"]) == (1, 2)
    splits = [body["total"], *body["scores"].values(), *body["rates"].values(), *body["groups"].values()]
    for split in splits:
        if split["parts"]:
            assert sum(map(Decimal, split["parts"].values())) == Decimal(split["difference"])
            assert Decimal(split["after"]) - Decimal(split["before"]) == Decimal(split["difference"])
    assert body["rates"]["lost"]["parts"]["rate"] == "0.200000"
    rows = reader.get(f"{path(made, 'clients')}&number=L").json()["results"]
    assert [row["client_no"] for row in rows] == ["C2"]
    assert reader.get(f"{path(made, 'clients')}&number=Q").status_code == 400
    assert reader.get("/api/v1/scorecards/compare/?from=x&to=1").status_code == 400
    far = f"/api/v1/scorecards/compare/?from={made.card('2026-09').pk}&to={made.card(Q3).pk}"
    assert reader.get(far).status_code == 400
    near = as_system("scorecards:read", at=("1002",), name="near")
    assert near.get(path(made, "api")).status_code == 404
