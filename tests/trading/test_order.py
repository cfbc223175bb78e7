"""Any order of days, nights in between: the same rows in the end, and each night what a full one makes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from core.audit import SYSTEM
from core.models import Run
from core.runs import last_finished
from trading import queries, recompute
from trading.feed import load_package
from trading.models import (
    Balance,
    CashFlow,
    ClientMonth,
    CustodyEvent,
    FeedPackage,
    Holding,
    Income,
    QuarantinedRow,
    RecordSpan,
    StaleMark,
    Trade,
)
from trading.recompute import months

from .conftest import Facts, Load
from .packages import (
    DAY,
    NEXT,
    Row,
    Writer,
    account,
    balance,
    branch,
    client,
    custody,
    flow,
    holding,
    income,
    masters,
    product,
    trade,
)

pytestmark = pytest.mark.django_db
APRIL, MAY, LAST = date(2026, 4, 30), date(2026, 5, 29), date(2026, 6, 4)
DAYS = (APRIL, MAY, DAY, NEXT, date(2026, 6, 3), LAST)
Files = dict[str, list[Row]]


def _story() -> list[tuple[date, int, Files]]:
    """Six days with late rows, repeated keys, waiting rows, a merger, moves, closings and two corrections."""
    start = masters()
    start["clients.csv"] += [
        client("C2", branch_code="1002", manager_no="M2"),
        client("C3", opened_on="2026-04-01"),
    ]
    start["accounts.csv"] += [account("A2", "C2"), account("A3", "C3", system="margin")]
    start["products.csv"].append(product("F002", family="advisory"))
    every = [balance("A1", "10"), balance("A2", "20"), balance("A3", "-5", margin_debit="1")]
    return [
        (APRIL, 1, {**start, "balances.csv": every, "holdings.csv": [holding("A1"), holding("A2", "F002")]}),
        (MAY, 1, {
            "accounts.csv": [account("A5", "C5")],
            "balances.csv": [*every, balance("A5", "7")],
            "trades.csv": [trade("T1", traded_at="2026-05-29T10:00:00"),
                           trade("T2", "A5", traded_at="2026-04-30T10:00:00")],
            "cash_flows.csv": [flow("F1", occurred_at="2026-05-01T10:00:00"),
                               flow("F2", "A2", occurred_at="2026-05-29T09:00:00")],
        }),
        (DAY, 1, {
            "clients.csv": [client("C5", branch_code="1003"), client("C1", manager_no="M9")],
            "trades.csv": [trade("T1", "A2"), trade("T3"), trade("T4", side="?")],
            "incomes.csv": [income("I1"), income("I2", "C5", kind="other")],
            "balances.csv": every[:2],
        }),
        (DAY, 2, {
            "clients.csv": [client("C1", manager_no="M8")],
            "trades.csv": [trade("T1", "A3", amount="77"), trade("T5", traded_at="2026-05-28T10:00:00")],
            "incomes.csv": [income("I1", amount="3")],
            "balances.csv": every[1:],
            "holdings.csv": [holding("A2", "F001"), holding("A1", "F002")],
        }),
        (NEXT, 1, {
            "clients.csv": [client("C3", status="closed", opened_on="2026-04-01", closed_on="2026-05-20")],
            "branches.csv": [branch("1003"), branch("1002", closed_on="2026-05-30", successor_code="1001")],
            "trades.csv": [trade("T3", "A5"), trade("T6", traded_at="2026-06-02T09:00:00+08:00")],
            "custody.csv": [custody("E1"), custody("E2", "C5")],
            "balances.csv": [*every, balance("A5", "9")],
        }),
        (date(2026, 6, 3), 1, {
            "clients.csv": [client("C2", branch_code="1003", manager_no="", callback_passed_on="2026-05-15")],
            "incomes.csv": [income("I1", "C2"), income("I3", "C3")],
            "custody.csv": [custody("E1", residual_assets="0")],
            "cash_flows.csv": [flow("F1", direction="out")],
            "balances.csv": every,
        }),
        (LAST, 1, {
            "products.csv": [product("F001", family="equity_fund")],
            "clients.csv": [client("C1", branch_code="1003", manager_no="M8", status="deceased")],
            "balances.csv": [],
        }),
        (LAST, 2, {"balances.csv": [balance("A1", "1")], "holdings.csv": []}),
    ]  # fmt: skip


def _shuffled(seed: int) -> list[tuple[date, int, Files]]:
    """Days in any order, the versions of a day in theirs (a lower one coming later is superseded)."""
    days = list(DAYS)
    random.Random(seed).shuffle(days)
    story = _story()
    return [package for day in days for package in story if package[0] == day]


def _night(facts: Facts, as_of: date) -> None:
    """A run as the nightly makes it: from the first stale month or the last run's; anew when going back."""
    previous = last_finished()
    if previous is None or as_of < previous.as_of:
        ClientMonth.objects.all().delete()
        RecordSpan.objects.all().delete()
        facts(as_of, all_from=queries.first_month(as_of))
    else:
        facts(as_of, all_from=previous.as_of.replace(day=1))


def _state() -> dict[str, list[dict[str, Any]]]:
    """Everything that counts, by business keys."""
    tables: dict[str, Any] = {
        "months": (ClientMonth, ["client__client_no", "branch__code"], {"client_id", "branch_id"}),
        "spans": (RecordSpan, ["client__client_no", "branch__code"], {"client_id", "branch_id"}),
        "trades": (Trade, ["client__client_no", "account__account_no"], {"client_id", "account_id"}),
        "flows": (CashFlow, ["client__client_no", "account__account_no"], {"client_id", "account_id"}),
        "incomes": (Income, ["client__client_no"], {"client_id"}),
        "custody": (CustodyEvent, ["client__client_no"], {"client_id"}),
        "balances": (Balance, ["account__account_no"], {"client_id", "account_id"}),
        "holdings": (
            Holding,
            ["account__account_no", "product__code"],
            {"client_id", "account_id", "product_id"},
        ),
    }
    state = {name: list(_rows(*how)) for name, how in tables.items()}
    state["held"] = list(
        QuarantinedRow.objects.filter(state__in=["held", "waiting"])
        .order_by("package__trade_date", "file", "line")
        .values("package__trade_date", "file", "line", "code", "parent")
    )
    return state


def _rows(model: Any, names: list[str], without: set[str]) -> Iterator[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in without]
    return iter(sorted(model.objects.values(*names, *columns), key=lambda row: str(sorted(row.items()))))


@pytest.mark.parametrize("seed", range(5))
def test_any_order_with_nights_between_gives_the_same_rows(
    load: Load, facts: Facts, writer: Writer, seed: int
) -> None:
    dice = random.Random(seed)
    for number, (day, version, files) in enumerate(_shuffled(seed)):
        load(day, files, version=version)
        first, last = queries.loaded_range()
        assert first is not None and last is not None
        if number % 2:
            as_of = dice.choice([day for day in DAYS if first <= day])
            _night(facts, as_of)
            assert _as_made_anew(facts, as_of)
    _night(facts, LAST)
    found = _state()
    _start_again()
    for day, version, files in _story():
        load(day, files, version=version)
    facts(LAST)
    expected = _state()
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_night_after_night_is_carried_on(load: Load, facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each new day is added to the month's rows; what is marked is made anew; days without a package too."""
    carried: list[date] = []
    original = months._carry

    def noted(facts: Any, told: dict[str, Any], dirty: Any) -> int:
        carried.append(told["as_of"])
        return original(facts, told, dirty)

    monkeypatch.setattr(months, "_carry", noted)
    for day, version, files in _story():
        load(day, files, version=version)
        _night(facts, day)
        assert _as_made_anew(facts, day)
    for as_of in (date(2026, 6, 6), date(2026, 6, 30), date(2026, 7, 2)):
        _night(facts, as_of)
        assert _as_made_anew(facts, as_of)
    assert set(carried) >= {NEXT, date(2026, 6, 3), LAST, date(2026, 6, 6), date(2026, 6, 30)}


def test_nothing_is_carried_on_after_a_run_that_was_given_up(load: Load, facts: Facts) -> None:
    load(DAY, _files(APRIL))
    _night(facts, DAY)
    assert recompute.marks.carried_from(NEXT) == DAY
    Run.objects.create(as_of=NEXT, state=Run.State.FAILED, started_at="2026-06-03T01:00Z", requested_by="x")
    assert recompute.marks.carried_from(NEXT) is None


def _as_made_anew(facts: Facts, as_of: date) -> bool:
    """Whether the night left what a run from nothing makes; the tables are put back as they were."""
    before = _state()
    marks, runs = list(StaleMark.objects.all()), list(Run.objects.all())
    ClientMonth.objects.all().delete()
    RecordSpan.objects.all().delete()
    facts(as_of)
    Run.objects.all().delete()
    Run.objects.bulk_create(runs)
    StaleMark.objects.bulk_create(marks, ignore_conflicts=True)
    return _state() == before


def _start_again() -> None:
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("trading_", "clients_", "staff_unit", "core_run"))
        and name != "trading_tradingday"
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def test_a_late_day_redoes_its_month_for_all_and_nothing_before(load: Load, facts: Facts) -> None:
    for day in (APRIL, MAY, NEXT):
        load(day, _files(day))
    facts(NEXT)
    load(
        DAY,
        {"balances.csv": [balance("A1", "3")], "trades.csv": [trade("T9", traded_at="2026-04-30T10:00:00")]},
    )
    marks = set(StaleMark.objects.values_list("client__client_no", "month", "told_on"))
    assert marks == {(None, date(2026, 6, 1), DAY), ("C1", date(2026, 4, 1), DAY)}
    assert recompute.take_marks(NEXT) == date(2026, 6, 1)
    assert queries.has_marks(NEXT) and not queries.has_marks(MAY)


def test_a_corrected_day_marks_only_whom_it_changes(load: Load, facts: Facts) -> None:
    files = _files(DAY)
    for file, rows in masters().items():
        files[file] = [*rows, *files.get(file, [])]
    files["clients.csv"] += [client("C2"), client("C3")]
    files["accounts.csv"] += [account("A2", "C2"), account("A3", "C3")]
    files |= {
        "balances.csv": [balance("A1", "1"), balance("A2", "2")],
        "trades.csv": [trade("T1"), trade("T2", "A3")],
    }
    load(DAY, files)
    facts(DAY)
    files["clients.csv"][2] = client("C3", manager_no="new")
    files |= {"balances.csv": [balance("A1", "1"), balance("A2", "5")]}
    load(DAY, files, version=2)
    assert set(StaleMark.objects.values_list("client__client_no", flat=True)) == {"C2", "C3"}


def test_marks_of_a_run_given_up_are_kept(load: Load, facts: Facts) -> None:
    load(DAY, _files(APRIL))
    recompute.take_marks(DAY)
    assert StaleMark.objects.filter(taken=True).exists()
    assert recompute.take_marks(DAY) == date(2026, 6, 1)
    recompute.forget_dirty()
    assert not StaleMark.objects.exists()


def test_after_a_run_that_goes_back_each_day_forward_is_made_anew(load: Load, facts: Facts) -> None:
    for day, version, files in _story():
        load(day, files, version=version)
    for as_of in (LAST, APRIL, MAY, DAY, NEXT, date(2026, 6, 3), LAST, date(2026, 6, 5)):
        _night(facts, as_of)
        assert _as_made_anew(facts, as_of), as_of


def _files(day: date) -> Files:
    return (
        {**masters(), "balances.csv": [balance("A1", "2")]}
        if day == APRIL
        else {"balances.csv": [balance("A1", "1")]}
    )


def test_loading_is_the_same_from_every_folder_order(load: Load, writer: Writer) -> None:
    for day, version, files in _shuffled(11):
        assert (
            load_package(writer.write(day, files, version=version), actor=SYSTEM).state
            == FeedPackage.State.LOADED
        )
