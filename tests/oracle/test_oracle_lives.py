"""What the lifecycle rules make of each labelled client, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from . import scenario
from .cards import Card, cards
from .reckon import Oracle
from .scenario import Scenario
from .tiers import Ladder

OPENING = "OPENING"
EXPECTED = {
    "L3 opening stock frozen at the close": [],
    "L3 transferred inside the first month": [OPENING, "2025-01-10 TRANSFERRED", "2025-02-28 REACTIVATED"],
    "L3 transferred and drained inside the first month": [OPENING, "2025-01-21 TRANSFERRED"],
    "L12 closed inside the first month": [],
    "L12 died inside the first month": [],
    "L12 closed before the first month": [],
    "L3 old client effective later is N": ["2025-04-30 EFFECTIVE"],
    "L3 opening stock by commission": [OPENING],
    "L2 effective by assets": ["2025-03-31 EFFECTIVE"],
    "L2 just below 10 000": [],
    "L2 effective by exactly 50 of commission": ["2025-04-30 EFFECTIVE"],
    "L2 commission just below 50": [],
    "L2 callback passed next month": ["2025-06-30 EFFECTIVE"],
    "L2 callback on the month's last day": ["2025-06-30 EFFECTIVE"],
    "L2 callback never passed": [],
    "L2 frozen at its first close": ["2025-07-31 EFFECTIVE"],
    "L2 opened on the month's last day": ["2025-10-31 EFFECTIVE"],
    "L5 frozen later stays held": [OPENING],
    "L4 closed and told that day": [OPENING, "2025-04-17 CLOSED"],
    "F24 closed 31 May, told in June": [OPENING, "2025-05-31 CLOSED"],
    "F24 entrant closed late: no entry at all": [],
    "L8 closure undone by a newer row": [OPENING],
    "F3 closed on a month's last day": [OPENING, "2025-12-31 CLOSED"],
    "K1 FLASH of a month: effective and gone the same quarter": ["2025-10-31 EFFECTIVE", "2025-12-12 CLOSED"],
    "L12 closed before effective": [],
    "F3 closed on a Sunday, told on Monday": [OPENING, "2025-11-23 CLOSED"],
    "L7 residual of exactly 100 is no loss": [OPENING],
    "L7 second event is the first below 100": [OPENING, "2025-09-02 TRANSFERRED", "2025-10-31 REACTIVATED"],
    "L12 custody before effective": ["2025-09-30 EFFECTIVE"],
    "L12 custody on the date of EFFECTIVE": [
        "2025-10-31 EFFECTIVE",
        "2025-10-31 TRANSFERRED",
        "2025-11-30 REACTIVATED",
    ],
    "L8 transferred, reactivated, transferred again": [
        OPENING,
        "2025-03-12 TRANSFERRED",
        "2025-05-31 REACTIVATED",
        "2025-12-10 TRANSFERRED",
    ],
    "L8 lost on a month end, back the month after": [
        OPENING,
        "2025-09-30 TRANSFERRED",
        "2025-10-31 REACTIVATED",
    ],
    "L5 closed after a transfer is no second event": [OPENING, "2025-06-05 TRANSFERRED"],
    "L4 closed and transferred on one date": [OPENING, "2025-10-21 CLOSED"],
    "L8 reactivated although frozen": [OPENING, "2025-02-13 TRANSFERRED", "2025-06-30 REACTIVATED"],
    "L6 soft: money taken out": [OPENING, "2025-07-31 SOFT"],
    "L6 no loss: a market fall alone": [OPENING],
    "L6 soft: exactly half taken out": [OPENING, "2025-07-31 SOFT"],
    "L6 no loss: just less than half taken out": [OPENING, "2026-03-31 SOFT"],
    "L6 inflow after the peak month is netted": [OPENING],
    "L6 inflow within the peak month is not netted": [OPENING, "2025-06-30 SOFT"],
    "L6 a trade in the three months puts it off": [OPENING, "2025-09-30 SOFT"],
    "L8 soft, reactivated, faded again": [
        OPENING,
        "2025-07-31 SOFT",
        "2025-09-30 REACTIVATED",
        "2026-02-28 SOFT",
    ],
    "L6 soft once the peak slides out of the window": [OPENING, "2026-01-31 SOFT"],
    "L6 no loss: exactly a tenth of the peak": [OPENING],
    "L6 outflow told late, close redone": [OPENING, "2025-07-31 SOFT"],
    "L4 deceased told on the day of soft": [OPENING, "2025-07-31 DECEASED"],
    "L9 deceased": [OPENING, "2025-09-16 DECEASED"],
    "L4 deceased and closed on one date": [OPENING, "2025-09-17 DECEASED"],
    "L4 deceased told after an earlier closed_on": [OPENING, "2025-10-10 CLOSED"],
    "L9 a normal row later does not undo death": [OPENING, "2025-06-11 DECEASED"],
    "L9 deceased before effective": [],
    "L9 deceased after a loss: no reactivation": [OPENING, "2025-05-15 TRANSFERRED"],
    "L9 death undone by a correction of that day": [OPENING],
    "F4 opened_on corrected by the newest row": ["2025-05-31 EFFECTIVE"],
    "F4 first row told late also holds before": ["2025-03-31 EFFECTIVE"],
    "F6 account told five days after its trades": ["2025-03-31 EFFECTIVE"],
    "F6 client told before its branch": ["2025-07-31 EFFECTIVE"],
}
RETURNING = {
    "lost three months before",
    "still held",
    "last held on the first day that counts",
    "x and X",
    "spaces",
}


@pytest.fixture(scope="module")
def ladder(oracle: Oracle) -> Ladder:
    return oracle.ladder(scenario.AS_OF_DATES[-1])


def client(written: Scenario, label: str) -> str:
    return next(client_no for client_no, told in written.labels.items() if told == label)


@pytest.mark.parametrize("label", sorted(EXPECTED))
def test_life(written: Scenario, ladder: Ladder, label: str) -> None:
    told = [
        OPENING if event.reason == OPENING else f"{event.date} {event.reason or event.event}"
        for event in ladder.lives[client(written, label)].events
    ]
    assert told == EXPECTED[label]


def test_same_id_makes_an_entry_r(written: Scenario, ladder: Ladder) -> None:
    again = {
        written.labels[no].removeprefix("L10 again: "): ladder.lives[no].returning
        for no in written.clients("L10 again")
    }
    assert {label for label, returning in again.items() if returning} == RETURNING
    assert len(again) == 9


def test_late_truth_is_not_known_before(oracle: Oracle, written: Scenario) -> None:
    number = client(written, "F24 closed 31 May, told in June")
    before = oracle.ladder(date(2025, 5, 31)).lives[number]
    assert before.held_now
    assert not oracle.ladder(date(2025, 6, 3)).lives[number].held_on(date(2025, 5, 31))


MADE: dict[str, list[Card]] = {}


def where(ladder: Ladder, period: str, client_no: str, unit_type: str = "branch") -> set[str]:
    """number@unit of every number of a period in which the client stands."""
    if period not in MADE:
        MADE[period] = cards(ladder, period)
    return {
        f"{number}@{card.code}"
        for card in MADE[period]
        if card.unit_type == unit_type
        for number, clients in card.members.items()
        if client_no in clients
    }


PASSAGES = [
    ("K1 transfer within a quarter", "2025-Q3", "B@1001 T_out@1001 T_in@1002 E@1002"),
    ("K1 out and in again in one month", "2025-10", "B@1002 S@1002 S_new@1002 E@1002"),
    ("K1 out and in again over a quarter end", "2025-Q3", "B@1002 T_out@1002 T_in@1003 E@1003"),
    ("K1 two transfers, netted", "2025-Q2", "B@1004 T_out@1004 T_in@1006 E@1006"),
    ("K2 entrant moves on", "2025-Q2", "N@1003 T_out@1003 T_in@1004 E@1004"),
    ("K1 L_in: transferred in, lost much later", "2025-Q3", "B@1001 T_out@1001 T_in@1002 L_in@1002"),
    ("K1 excluded after a transfer: X at the opening unit", "2025-Q4", "B@1003 X@1003"),
    ("K1 FLASH at the unit of entry", "2025-Q3", "flash@1006"),
    ("K1 lost, moved, held again", "2025-Q3", "B@1004 T_out@1004 T_in@1001 E@1001"),
    ("K3 closed 30 days after a transfer", "2025-Q2", "B@1002 L@1002"),
    ("K3 closed 31 days after a transfer", "2025-Q2", "B@1002 T_out@1002 T_in@1005 L_in@1005"),
    ("K3 closed 30 days after a transfer", "2025-06", "B@1002 L@1002"),
    ("K3 transfer before, loss after a quarter end", "2025-Q3", "B@1003 L@1003"),
    ("K3 transfer before, loss after a quarter end", "2025-Q2", "B@1003 T_out@1003 T_in@1007 E@1007"),
    ("K3 early transfer stays, late one is undone", "2025-Q4", "B@1005 T_out@1005 T_in@1001 L_in@1001"),
    ("K3 does not touch exclusions", "2026-02", "B@1006 X@1006"),
    ("K5 closed shortly after the merger", "2025-Q4", "B@1001 L@1001"),
    ("K5 transfer between the later merged vanishes", "2025-Q1", "B@1001 S@1001 S_new@1001 E@1001"),
    ("L8 soft, reactivated, faded again", "2025-Q3", "B@1003 S@1003 S_new@1003 E@1003"),
    ("K12 client of a branch closed without successor", "2026-02", ""),
]


@pytest.mark.parametrize(("label", "period", "numbers"), PASSAGES)
def test_passage(written: Scenario, ladder: Ladder, label: str, period: str, numbers: str) -> None:
    found = where(ladder, period, client(written, label))
    stays = {number for number in found if number.startswith(("S@", "S_new@"))}
    expected = set(numbers.split())
    assert found - stays == {number for number in expected if not number.startswith("S")}
    assert bool(stays) == any(number.startswith("S@") for number in expected)


def test_managers_by_their_own_record(written: Scenario, ladder: Ladder) -> None:
    changed = client(written, "K3 manager changed shortly before the loss")
    assert where(ladder, "2025-Q4", changed, "manager") == {"B@M1007A", "L@M1007A"}
    gains = client(written, "K11 gets a manager")
    assert where(ladder, "2025-Q4", gains, "manager") == {"T_in@M1002B", "E@M1002B"}
    inside = client(written, "K4 transfer inside a region")
    assert where(ladder, "2025-Q3", inside, "region") >= {"B@R1", "S@R1", "E@R1"}


def test_merged_branches_before_and_after(oracle: Oracle) -> None:
    def codes(as_of: date, period: str) -> set[str | None]:
        return {card.code for card in cards(oracle.ladder(as_of), period) if card.unit_type == "branch"}

    assert {"1009", "1010"} <= codes(date(2025, 6, 13), "2025-05")
    assert "1010" not in codes(date(2025, 6, 18), "2025-05")
    assert not {"1009", "1010"} & codes(date(2025, 11, 28), "2025-Q1")
