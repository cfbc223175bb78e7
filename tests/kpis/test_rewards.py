"""Rewards: coefficients, shares that tie to the fen, two persons, the ledger, and what is taken back."""

from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.errors import Conflict
from kpis import actions
from kpis.models import RewardEntry, RewardRun, SchemeGroup, SchemeVersion, Scorecard, SignOff
from kpis.rules import parse_period
from kpis.rules.rewards import CLIENTS, GIVEN, LINEAR, STEPS, RewardRule, coefficient, shares
from tests.cast import Speak
from tests.kpis.frozen import seal
from tests.kpis.world import World

MONTH, PAGE = parse_period("2026-08"), "/scorecards/rewards/"
POINTS = ((Decimal(60), Decimal("0.6")), (Decimal(80), Decimal(1)), (Decimal(90), Decimal("1.2")))


@pytest.mark.parametrize(
    ("kind", "score", "expected"),
    [
        (STEPS, "59.994", "0"), (STEPS, "59.995", "0.6"), (STEPS, "79.99", "0.6"), (STEPS, "120", "1.2"),
        (LINEAR, "10", "0.6"), (LINEAR, "60", "0.6"), (LINEAR, "70", "0.8"), (LINEAR, "85", "1.1"),
        (LINEAR, "99", "1.2"),
        (STEPS, None, "0"), (LINEAR, None, "0"),
    ],
)  # fmt: skip
def test_coefficients(kind: str, score: str | None, expected: str) -> None:
    """The score as it is shown decides."""
    total = None if score is None else Decimal(score)
    assert coefficient(RewardRule(kind, POINTS, CLIENTS), total) == Decimal(expected)


def slow_shares(pool: int, weights: list[int]) -> dict[str, Decimal]:
    """The plain way, in fen: by floor, then one at a time to whoever is furthest below the exact part."""
    whole = sum(weights)
    parts = [pool * weight // whole for weight in weights]
    left = {at: pool * weight % whole for at, weight in enumerate(weights)}
    while sum(parts) < pool:
        at = min(left, key=lambda one: (-left[one], one))
        parts[at] += 1
        del left[at]
    return {f"{at:04}": Decimal(part) / 100 for at, part in enumerate(parts)}


@given(pool=st.integers(1, 10**13), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_shares_always_sum_to_the_pool(pool: int, weights: list[int]) -> None:
    """To the fen, none is negative, none further from its exact part than a fen; as the plain way has it."""
    by_unit = {f"{at:04}": Decimal(weight) / 10_000 for at, weight in enumerate(weights)}
    parts, whole = shares(Decimal(pool) / 100, by_unit), sum(weights)
    if not whole:
        assert set(parts.values()) == {0}
        return
    assert sum(parts.values()) == Decimal(pool) / 100
    assert all(part >= 0 and part == round(part, 2) for part in parts.values())
    assert parts == slow_shares(pool, weights)


@pytest.fixture
def made(world: World) -> World:
    """August: 1001 lost one of ten clients, 1002 none, 1005 two; everything but loss has no limits."""
    for branch, lost in (("1001", 1), ("1002", 0), ("1005", 2)):
        world.targets("month", unit=f"branch:{branch}", new=(), upgraded=(), groups={}, lost=("0.25", "0"))
        for number in range(10):
            world.held(f"{branch}-{number}", branch)
        for number in range(lost):
            world.event(f"{branch}-{number}", "2026-08-10", "LOST", "CLOSED")
    return world


def scored(cast: SimpleNamespace, totals: dict[str, str], revision: int = 1) -> None:
    """Cards of August with these totals, signed; a later revision is adopted."""
    for code, total in totals.items():
        card = Scorecard.objects.get(period="2026-08", unit_type="branch", unit_code=code, current=True)
        if revision > 1:
            earlier = SignOff.objects.get(card=card)
            Scorecard.objects.filter(pk=card.pk).update(current=False)
            card.pk, card.revision = None, revision
        card.total, card.state, card.current, card.completeness = Decimal(total), "provisional", True, "full"
        card.save()
        if revision > 1:
            now = timezone.now()
            SignOff.objects.create(
                card=card, definition={}, confirmed_by=cast.value_analyst, confirmed_at=now,
                signed_by=cast.value_analyst_2, signed_at=now, replaces=earlier, reason="late data",
            )  # fmt: skip
            Scorecard.objects.filter(pk=card.pk).update(state="final")


@pytest.fixture
def signed(made: World, cast: SimpleNamespace) -> World:
    """Signed with totals 85, 95 and 50: coefficients 1, 1.2 and 0 over 9, 10 and 8 clients."""
    made.run("2026-08-31")
    scored(cast, {"1001": "85", "1002": "95", "1005": "50"})
    seal(cast, "2026-08")
    return made


def proposed(cast: SimpleNamespace, pool: str = "1000.00", **more: Any) -> RewardRun:
    return actions.propose_rewards(
        actor=cast.value_analyst,
        period=MONTH,
        unit_type="branch",
        pool=Decimal(pool),
        reason="August",
        **more,
    )


def approved(cast: SimpleNamespace, pool: str = "1000.00") -> RewardRun:
    return actions.approve_rewards(actor=cast.compliance, run=proposed(cast, pool))


def ledger() -> list[tuple[str, str, str, bool]]:
    """(unit, coefficient, amount, whether it takes one back) in the order of booking."""
    return [
        (
            entry.unit_code,
            f"{entry.coefficient.normalize():f}",
            f"{entry.amount:.2f}",
            entry.reverses_id is not None,
        )
        for entry in RewardEntry.objects.order_by("pk")
    ]


def settle() -> None:
    """Asks the constraints that wait for the end of the transaction."""
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_pool_is_shared_and_booked_by_a_second_person(signed: World, cast: SimpleNamespace) -> None:
    """9 x 1 and 10 x 1.2 of 21: 428.571… and 571.428… of 1 000."""
    run = proposed(cast)
    assert ledger() == []
    with pytest.raises(Conflict) as met:
        actions.approve_rewards(actor=cast.value_analyst, run=run)
    assert met.value.code == "four_eyes"
    with pytest.raises(PermissionDenied):
        actions.approve_rewards(actor=cast.branch_manager_1001, run=run)
    actions.approve_rewards(actor=cast.compliance, run=run)
    settle()
    assert ledger() == [
        ("1001", "1", "428.57", False), ("1002", "1.2", "571.43", False), ("1005", "0", "0.00", False),
    ]  # fmt: skip
    assert {entry.card.sign_off.pk for entry in RewardEntry.objects.all()}


def test_an_adopted_revision_is_reversed_and_booked_anew(signed: World, cast: SimpleNamespace) -> None:
    """Only what differs; the ledger keeps summing to the pool."""
    approved(cast)
    with pytest.raises(Conflict) as met:
        proposed(cast)
    assert met.value.code == "no_change"
    scored(cast, {"1005": "95"}, revision=2)  # 9.6 more weight
    actions.approve_rewards(actor=cast.compliance, run=proposed(cast))
    settle()
    assert ledger()[3:] == [
        ("1001", "1", "-428.57", True), ("1002", "1.2", "-571.43", True), ("1005", "0", "0.00", True),
        ("1001", "1", "294.12", False), ("1002", "1.2", "392.16", False), ("1005", "1.2", "313.72", False),
    ]  # fmt: skip
    assert sum(entry.amount for entry in RewardEntry.objects.all()) == 1000


def test_another_pool_changes_what_is_booked(signed: World, cast: SimpleNamespace) -> None:
    approved(cast)
    approved(cast, "500.01")
    settle()
    assert sum(entry.amount for entry in RewardEntry.objects.all()) == Decimal("500.01")


def test_the_database_holds_the_ledger(signed: World, cast: SimpleNamespace) -> None:
    run = approved(cast)
    settle()
    entry = RewardEntry.objects.first()
    assert entry is not None
    for change in (
        lambda: RewardEntry.objects.update(amount=1),
        lambda: RewardEntry.objects.filter(pk=entry.pk).delete(),
        lambda: RewardRun.objects.update(pool=1),
        lambda: RewardRun.objects.filter(pk=run.pk).update(state="proposed"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    waiting = RewardRun.objects.create(
        period="2026-08", unit_type="manager", pool=5, reason="x", scheme=run.scheme, lines=[],
        proposed_by=cast.value_analyst, proposed_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RewardRun.objects.filter(pk=waiting.pk).update(state="approved", decided_by=cast.value_analyst)
    with pytest.raises(IntegrityError, match="sum to"), transaction.atomic():
        RewardRun.objects.filter(pk=waiting.pk).update(state="approved", decided_by=cast.compliance)
        settle()
    with pytest.raises(IntegrityError, match="sum to"), transaction.atomic():
        entry.pk, entry.amount, entry.reverses = None, Decimal(1), None
        entry.save(force_insert=True)
        settle()


def refused(code: str, cast: SimpleNamespace, **more: Any) -> None:
    with pytest.raises(Conflict) as met:
        proposed(cast, **more)
    assert met.value.code == code


def test_what_cannot_be_proposed(made: World, cast: SimpleNamespace) -> None:
    made.run("2026-08-31")
    refused("unsigned", cast)
    scored(cast, {"1001": "10", "1002": "20", "1005": "30"})
    seal(cast, "2026-08")
    refused("no_share", cast)
    for pool, reason in (("0", "x"), ("1.001", "x"), ("1", " ")):
        with pytest.raises(ValidationError):
            actions.propose_rewards(
                actor=cast.value_analyst, period=MONTH, unit_type="branch", pool=Decimal(pool), reason=reason
            )
    with pytest.raises(Conflict) as met:
        actions.propose_rewards(
            actor=cast.value_analyst, period=MONTH, unit_type="region", pool=Decimal(1), reason="x"
        )
    assert met.value.code == "not_rewarded"


def test_what_waits_declined_or_overtaken(signed: World, cast: SimpleNamespace) -> None:
    run = proposed(cast)
    refused("waits_already", cast, pool="2")
    scored(cast, {"1005": "95"}, revision=2)
    with pytest.raises(Conflict) as met:
        actions.approve_rewards(actor=cast.compliance, run=run)
    assert met.value.code == "outdated"
    with pytest.raises(PermissionDenied):
        actions.decline_rewards(actor=cast.branch_manager_1001, run=run, why="x")
    done = actions.decline_rewards(actor=cast.compliance, run=run, why="cards changed")
    assert (done.state, done.answer, ledger()) == ("declined", "cards changed", [])
    assert proposed(cast).lines[2]["amount"] != "0.00"


def test_pages_files_and_rest(
    signed: World, cast: SimpleNamespace, as_person: Speak, as_system: Speak
) -> None:
    analyst, second = as_person(cast.value_analyst), as_person(cast.value_analyst_2)
    address = f"{PAGE}?period=2026-08&type=branch"
    assert "571.43" in analyst.get(f"{address}&pool=1000").content.decode()
    assert analyst.post(address, {"pool": "x", "reason": ""}).status_code == 422
    assert analyst.post(address, {"pool": "1000", "reason": "August", "bases": "1001 x"}).status_code == 422
    assert analyst.post(address, {"pool": "1000", "reason": "August", "bases": ""}).status_code == 302
    run = RewardRun.objects.get()
    assert f"{run.pk}/approve/" not in analyst.get(address).content.decode()
    assert f"{run.pk}/approve/" in second.get(address).content.decode()
    second.post(f"{PAGE}{run.pk}/approve/")
    own = as_person(cast.branch_manager_1001)
    text = own.get(address).content.decode()
    assert ("428.57" in text, "571.43" in text, "1,000.00" in text) == (True, False, False)
    assert "428.57" in own.get(f"{PAGE}units/").content.decode()
    assert own.get(f"{PAGE}units/?unit=branch:1002").status_code == 404
    book = load_workbook(BytesIO(analyst.get(f"{PAGE}file/xlsx/?period=2026-08").content))
    assert sum(Decimal(str(row[9])) for row in book.active.iter_rows(min_row=2, values_only=True)) == 1000
    lines = analyst.get(f"{PAGE}file/csv/?period=2026-08").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    api = "/api/v1/rewards/"
    told = as_system("scorecards:read", at=("1002",)).get(f"{api}entries/").json()["results"]
    assert [(one["unit_code"], one["amount"]) for one in told] == [("1002", "571.43")]
    wish = {"period": "2026-08", "unit_type": "branch", "pool": "2000", "reason": "more"}
    made = analyst.post(f"{api}runs/", wish, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    one = f"{api}runs/{made.json()['id']}/"
    for caller, deed, body, status in (
        (analyst, "approve", {}, 409), (second, "decline", {}, 400), (second, "decline", {"why": "no"}, 200),
    ):  # fmt: skip
        assert caller.post(f"{one}{deed}/", body, content_type="application/json").status_code == status
    assert own.get(f"{api}runs/").json()["results"] == []


def test_a_pool_is_tried_with_bases_given_for_each_unit(
    made: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    """Where the scheme asks for a number for each unit, the preview shares by what is typed."""
    first = SchemeVersion.objects.get()
    rules = {"branch": RewardRule(STEPS, POINTS, GIVEN).to_json()}
    later = SchemeVersion.objects.create(
        number=2, serves_from=MONTH.start, proposed_by="a", approved_by="b", rewards=rules
    )
    SchemeGroup.objects.bulk_create(
        SchemeGroup(scheme=later, position=one.position, name=one.name, tiers=one.tiers, weight=one.weight)
        for one in first.groups.all()
    )
    made.run("2026-08-31")
    scored(cast, {"1001": "85", "1002": "85", "1005": "20"})
    seal(cast, "2026-08")
    browser, path = as_person(cast.value_analyst), f"{PAGE}?period=2026-08&pool=900"
    assert browser.get(path).context["lines"] == []
    found = browser.get(f"{path}&bases=1001+1%0A1002+2").context
    assert {line.unit_code: line.amount for line in found["lines"]} == {
        "1001": Decimal(300), "1002": Decimal(600), "1005": 0,
    }  # fmt: skip
    wrong = browser.get(f"{path}&bases=1001+x").context
    assert (wrong["lines"], bool(wrong["tried"].fault)) == ([], True)
