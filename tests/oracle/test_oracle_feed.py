"""What the oracle takes in, refuses and keeps in quarantine, on the scenario and on odd packages."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from . import scenario
from .cases import broken
from .facts import ClientMonth
from .feeds import Feeds
from .reckon import Oracle
from .scenario import Scenario

MARCH_END = scenario.AS_OF_DATES[-1]


def months(oracle: Oracle, written: Scenario, label: str) -> dict[tuple[date, str, str], ClientMonth]:
    """The labelled client's months by (month, branch, manager)."""
    client_no = written.clients(label)[0]
    return {key[1:]: row for key, row in oracle.facts(MARCH_END).months.items() if key[0] == client_no}


def by_month(oracle: Oracle, written: Scenario, label: str) -> dict[date, ClientMonth]:
    return {month: row for (month, _, _), row in months(oracle, written, label).items()}


def test_every_package_of_the_scenario_loads(oracle: Oracle) -> None:
    assert {outcome.state for outcome in oracle.feeds.outcomes} == {"loaded"}


def test_packages_to_be_refused(written: Scenario) -> None:
    loaded = [path for path in written.packages if path.name == "2025-09-25"]
    for path, reason in written.broken:
        feeds = Feeds([*loaded, path], written.config())
        assert feeds.outcomes[-1].state == "refused", reason
        assert len(feeds.loaded) == 1, reason


def test_same_package_again_and_older_version(written: Scenario) -> None:
    first, second = (path for path in written.packages if path.name.startswith("2025-03-12"))
    feeds = Feeds([first, first, second, first, second], written.config())
    assert [outcome.state for outcome in feeds.outcomes] == [
        "loaded",
        "already_loaded",
        "loaded",
        "superseded",
        "already_loaded",
    ]


def test_nine_bad_rows_never_trip(written: Scenario, tmp_path: Path) -> None:
    package = broken.nine_bad_rows(scenario.world(), tmp_path)
    assert Feeds([package], written.config()).outcomes[0].state == "loaded"


def test_quarantine_of_the_scenario(oracle: Oracle) -> None:
    kept = oracle.feeds.as_of(MARCH_END).quarantine
    found = Counter((entry.row.table.name, entry.fault.column, entry.fault.sort) for entry in kept)
    assert found["trades", "account_no", "parent"] == 2
    assert found["clients", "id_number", "rule"] == 1
    assert found["clients", "branch_code", "rule"] == 1
    assert found["trades", "", "duplicate"] == 1
    assert found["trades", "traded_at", "malformed"] == 2
    line = next(entry.row.line for entry in kept if entry.row.raw[0] == "C-bad-6")
    assert line == 6  # the record before it runs over lines 2 to 5 of the file


def test_shanghai_dates(oracle: Oracle, written: Scenario) -> None:
    rows = by_month(oracle, written, "F7 trades told late")
    assert rows[date(2025, 3, 1)].turnover == Decimal(10000)
    assert rows[date(2025, 4, 1)].turnover == Decimal(11000)
    assert rows[date(2025, 6, 1)].turnover == Decimal(25000)
    assert rows[date(2025, 7, 1)].inflow == Decimal("250.5")


def test_flows_before_the_first_month_have_no_days(oracle: Oracle, written: Scenario) -> None:
    row = by_month(oracle, written, "F23 flows dated before")[date(2024, 12, 1)]
    assert (row.days, row.trades, row.inflow) == (0, 1, Decimal(3000))


def test_earliest_trade_date_counts(oracle: Oracle, written: Scenario) -> None:
    rows = by_month(oracle, written, "F11 keys repeated over packages")
    assert (rows[date(2025, 2, 1)].turnover, rows[date(2025, 2, 1)].product_fee) == (10000, 5)
    assert rows[date(2025, 2, 1)].inflow == 1000 and rows[date(2025, 3, 1)].outflow == 0
    later = by_month(oracle, written, "F11 the earlier row is quarantined")
    assert later[date(2025, 2, 1)].turnover == 20000


def test_corrections(oracle: Oracle, written: Scenario) -> None:
    row = by_month(oracle, written, "F12 corrected: trades changed")[date(2025, 3, 1)]
    assert (row.turnover, row.trades, row.inflow) == (31000, 2, 0)
    balance = by_month(oracle, written, "F12 corrected twice")[date(2025, 4, 1)]
    assert balance.assets_peak == Decimal("16000.0001")
    stays = months(oracle, written, "F12 master row of the earlier")
    assert (date(2025, 11, 1), "1005", "M1005A") in stays
    wins = months(oracle, written, "F12 master row of the higher")
    assert (date(2025, 11, 1), "1006", "M1006A") in wins


def test_missing_days_and_missing_rows(oracle: Oracle, written: Scenario) -> None:
    row = by_month(oracle, written, "F1 account without a row")[date(2025, 5, 1)]
    assert (row.days, row.trading_days) == (31, 18)  # 19 trading days, one never delivered
    assert row.assets_sum == 16 * Decimal(30000)
    july = by_month(oracle, written, "F1 account without a row")[date(2025, 7, 1)]
    assert july.assets_end == 0


def test_change_in_mid_month_makes_two_rows(oracle: Oracle, written: Scenario) -> None:
    rows = months(oracle, written, "F10 change of branch")
    left, joined = rows[date(2025, 8, 1), "1001", "M1001A"], rows[date(2025, 8, 1), "1003", "M1003B"]
    assert (left.days, joined.days) == (13, 18)
    assert (left.turnover, joined.turnover) == (50000, 40000)


def test_flows_after_closing(oracle: Oracle, written: Scenario) -> None:
    rows = by_month(oracle, written, "F9 final withdrawal")
    assert (rows[date(2025, 7, 1)].days, rows[date(2025, 7, 1)].outflow) == (23, 50000)
    august = rows[date(2025, 8, 1)]
    assert (august.days, august.outflow, august.margin_interest) == (0, Decimal("12.5"), Decimal("3.21"))


def test_families(oracle: Oracle, written: Scenario) -> None:
    facts = oracle.facts(MARCH_END)
    many, none, sold = (
        written.clients(f"F8 {label}")[0] for label in ("more than six", "quantity 0", "absent")
    )
    assert facts.product_families(many, date(2025, 1, 24)) == 0  # the first snapshot is to come
    assert facts.product_families(many, date(2025, 3, 31)) == 7
    assert facts.product_families(none, date(2025, 3, 31)) == 1
    assert facts.product_families(sold, date(2025, 8, 31)) == 0


def test_nothing_of_later_packages_is_read(written: Scenario, oracle: Oracle) -> None:
    day = date(2025, 7, 16)
    alone = Oracle(
        [path for path in written.packages if path.name[:10] <= day.isoformat()],
        written.interactions,
        written.config(),
    )
    assert alone.expected(day, periods=["2025-Q2"]) == oracle.expected(day, periods=["2025-Q2"])


def test_sample_days_of_two_mergers(oracle: Oracle, written: Scenario) -> None:
    rows = months(oracle, written, "K5 client of 1010")
    assert rows[date(2025, 6, 1), "1010", "M1010A"].days == 15
    assert rows[date(2025, 6, 1), "1009", "M1010A"].days == 15
    assert rows[date(2025, 11, 1), "1001", "M1010A"].days == 17
