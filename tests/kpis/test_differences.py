"""Late data after a signature: the report of what differs, and who hears of it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from clients.models import Account, Client, ClientRecord
from core.models import AuditEntry, OutboxMessage
from kpis.actions.sign_off_notices import tell_waiting
from kpis.models import Scorecard
from kpis.queries.difference_report import report
from kpis.queries.differences import differences
from kpis.queries.members import behind
from kpis.rules import COUNTS
from staff.models import Notice
from tests.cast import Speak
from tests.kpis.frozen import freeze, settle
from tests.kpis.test_pages import text
from tests.kpis.test_revisions import busy
from tests.kpis.world import World, day
from trading.feed import partitions
from trading.models import Balance, FeedPackage, Holding

Q3 = "2026-Q3"


@pytest.fixture
def late(world: World, cast: SimpleNamespace) -> World:
    """The card of 1001 is signed; then a closure, a hand-over, a tier and money of the quarter are told."""
    busy(world)
    for no in ("C1", "C5"):
        world.tier(no, "2026-09-30", "V3")
    world.run("2026-09-30")
    settle()
    freeze(cast, world.card(Q3))
    world.event("C1", "2026-09-12", "LOST", "CLOSED")
    world.clients["C5"].closes.filter(as_of="2026-09-30").update(tier="V4")
    world.clients["C4"].record_spans.update(branch=world.units["1001"])
    world.clients["C5"].months.update(net_commission=900)
    world.run("2026-10-20", since="2026-07")
    return world


def pairs(period: str = Q3) -> list[tuple[Scorecard, Scorecard]]:
    """Each unit's first and current revision, where they are two."""
    rows = Scorecard.objects.filter(period=period).prefetch_related("lines")
    found = {(one.unit_type, one.unit_code): one for one in rows.filter(current=True, revision__gt=1)}
    first = rows.filter(revision=1)
    return [(one, found[key]) for one in first if (key := (one.unit_type, one.unit_code)) in found]


def test_clients_that_differ_are_those_whose_membership_differs(late: World, cast: SimpleNamespace) -> None:
    """Against the drill-downs of both revisions, of all units."""
    checked = pairs()
    assert len(checked) > 5
    reader = cast.value_analyst
    for before, after in checked:
        told = {one.number: (set(one.came), set(one.left)) for one in differences(before, after).counts}
        expected = {}
        for number in COUNTS:
            sides = [
                set(behind(card, number, reader).values_list("client_id", flat=True))
                for card in (before, after)
            ]
            change = (sides[1] - sides[0], sides[0] - sides[1])
            if any(change) or before.counts[number] != after.counts[number]:
                expected[number] = change
        assert told == expected
        for one in differences(before, after).counts:
            assert one.after - one.before == len(one.came) - len(one.left)


def test_a_report_says_what_and_why(late: World, cast: SimpleNamespace) -> None:
    before, after = late.card(Q3, revision=1), late.card(Q3)
    told = differences(before, after)
    names = {client.pk: no for no, client in late.clients.items()}
    assert {one.number: sorted(names[pk] for pk in one.came) for one in told.counts if one.came} == {
        "B": ["C4"], "L": ["C1"], "E": ["C4"], "S": ["C4"], "U": ["C5"],
    }  # fmt: skip
    assert told.causes[0] == "clients" and "profits" in told.causes and "targets" not in told.causes
    assert {one.kind for one in told.values} >= {"rate", "money"} and told.profits
    same = differences(before, before)
    assert (same.counts, same.values, same.profits, same.moved, same.causes) == ([], [], [], [], [])


def test_feed_rows_between_both_revisions_are_named(late: World, cast: SimpleNamespace) -> None:
    before, after = late.card(Q3, "branch:1005", 1), late.card(Q3, "branch:1005")
    now = timezone.now()
    Scorecard.objects.filter(pk=before.pk).update(made_at=now - timedelta(days=2))
    Scorecard.objects.filter(pk=after.pk).update(made_at=now)
    moved = late.clients["C4"]
    ClientRecord.objects.create(
        client=moved, told_on="2026-10-19", valid_from="2026-10-19", branch=late.units["1001"],
        status="normal", kind="individual", opened_on="2020-01-01",
    )  # fmt: skip
    own = _assets(moved, "2026-09-28", "2026-09-29", "2026-10-19")
    _assets(late.clients["C2"], "2026-09-28")  # goes the same way as before
    for told_on, finished in (("2026-10-19", 1), ("2026-09-28", 1), ("2026-10-16", 3)):
        FeedPackage.objects.filter(trade_date=told_on).update(finished_at=now - timedelta(days=finished))
    before.refresh_from_db()
    after.refresh_from_db()
    found = report(before, after, cast.value_analyst)
    assert [package.trade_date for package in found.packages] == [day("2026-09-28"), day("2026-10-19")]
    brought = {
        line.client.client_no: [(one.file, one.rows, one.feed_day) for one in line.brought]
        for line in found.lines
    }
    late_day = day("2026-09-28")  # the balance of the 29th came in time, that of October is after the period
    assert brought == {
        "C4": [
            ("clients.csv", 1, day("2026-10-19")), ("balances.csv", len(own), late_day),
            ("holdings.csv", 1, late_day),
        ]
    }  # fmt: skip
    away = report(before, after, cast.branch_manager_1002)  # sees neither client nor unit
    assert (away.lines, away.beyond) == ([], 1)


def _assets(client: Client, *days: str) -> list[Account]:
    """Balances of two accounts and a holding on each of the days."""
    accounts = [
        Account.objects.create(
            account_no=f"{client.client_no}-{number}", client=client, system="cash", currency="CNY",
            status="normal", opened_on=day("2020-01"), told_on=day("2020-01"),
        )
        for number in (1, 2)
    ]  # fmt: skip
    for table in ("trading_balance", "trading_holding"):
        partitions.ensure(table, {day(on).replace(day=1) for on in days})
    for on in days:
        for account in accounts:
            Balance.objects.create(
                client=client,
                day=day(on),
                account=account,
                cash=1,
                market_value=1,
                product_value=0,
                margin_debit=0,
            )
        Holding.objects.create(
            client=client, day=day(on), account=accounts[0], market="SH", security_code="600000", quantity=1
        )
    return accounts


def test_pages_and_rest(late: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    before, after = late.card(Q3, revision=1), late.card(Q3)
    browser = as_person(cast.branch_manager_1001)
    page = text(browser, f"/scorecards/{after.pk}/differences/")
    assert "C1" in page and f"/scorecards/{before.pk}/clients/?number=L" in page
    assert text(browser, f"/scorecards/{before.pk}/differences/?with={after.pk}")
    assert text(browser, f"/scorecards/{late.card('2026-04').pk}/differences/")  # has one revision only
    for wrong in ("with=0", "with=x", f"with={late.card(Q3, 'branch:1005').pk}"):
        text(browser, f"/scorecards/{after.pk}/differences/?{wrong}", 404)
    system = as_system("scorecards:read", "clients:read")
    body = system.get(f"/api/v1/scorecards/{after.pk}/differences/").json()
    assert (body["before"], body["after"]) == (before.pk, after.pk)
    assert {one["number"]: (one["came"], one["left"]) for one in body["counts"]}["L"] == (1, 0)
    assert {one["client_no"] for one in body["clients"]} == {"C1", "C4", "C5"}


def told_of(person: Any) -> list[str]:
    """What somebody heard of the sign-off."""
    return list(
        Notice.objects.filter(person=person, kind="sign_off").order_by("id").values_list("text", flat=True)
    )


def test_revisions_beside_a_frozen_card_are_told_once(late: World, cast: SimpleNamespace) -> None:
    after = late.card(Q3)
    assert list(AuditEntry.objects.filter(deed="scorecard.revised").values_list("subject_id", flat=True)) == [
        str(after.pk)
    ]
    assert OutboxMessage.objects.filter(event="scorecard.revised").count() == 1
    for person in (cast.branch_manager_1001, cast.value_analyst):
        assert len(told_of(person)) == 1
    assert told_of(cast.branch_manager_1002) == []
    late.run("2026-10-21", since="2026-10")
    assert AuditEntry.objects.filter(deed="scorecard.revised").count() == 1


def test_who_has_to_act_hears_of_it_once(world: World, cast: SimpleNamespace) -> None:
    busy(world).run("2026-09-30")
    settle()
    assert tell_waiting(day("2026-10-20")) > 0
    assert tell_waiting(day("2026-10-20")) == 0
    periods = Notice.objects.filter(person=cast.branch_manager_1001).values_list("params", flat=True)
    own = Scorecard.objects.filter(period=Q3, current=True, unit=world.units["1001"]).count()
    assert {"period": Q3, "cards": own, "day": "2026-10-21"} in list(periods)
    assert told_of(cast.agent_1001) == []
    heard = len(told_of(cast.branch_manager_1001))
    assert tell_waiting(day("2026-10-29")) > 0  # both terms are over
    assert len(told_of(cast.branch_manager_1001)) > heard
    assert told_of(cast.value_analyst)
