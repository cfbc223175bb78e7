"""Hand-overs in the figures: past months stay with the former owner, as the slow oracle reckons it too."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clients.actions.ownership import Owner, cancel_handover, hand_over
from clients.models import Client, Handover, RecordMark
from core.audit import SystemActor
from kpis.models import Scorecard, ScorecardLine
from staff.models import Person, Unit
from staff.scope import Scope
from tests.crm.night_world import load_days, night
from tests.kpis.frozen import seal
from tests.oracle import loading, nights
from tests.oracle.compare import differences
from tests.oracle.config import Config
from tests.oracle.reckon import Oracle
from tests.oracle.records import Handover as Word
from tests.oracle.world import Subject, World
from tests.oracle.writer import write_world
from trading.models import RecordSpan

pytestmark = pytest.mark.django_db
START, JULY_END, AUGUST, MIDDLE = date(2026, 6, 1), date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 14)
AUGUST_END, SEPTEMBER_END = date(2026, 8, 31), date(2026, 9, 30)


class Leader(SystemActor):
    """Somebody who may hand over every client of the firm."""

    def scope_for(self, _right: str) -> Scope:
        return Scope(firm=True, clients=True, identity=True)


LEADER = Leader("leader")


@pytest.fixture
def firm(tmp_path: Path) -> SimpleNamespace:
    """Four months of a small brokerage: eight clients of 1001 with their packages loaded."""
    world = World(5, START, 4, ())
    _tell_units(world)
    subjects = [_client(world, number) for number in range(8)]
    subjects[3].change(date(2026, 8, 20), manager_no="M1001C")  # a word of the feed after the hand-over
    subjects[4].change(date(2026, 8, 20), risk_level="C4")  # repeats the owner
    subjects[5].close(date(2026, 8, 25))
    packages = write_world(world, tmp_path / "feed")
    loading.furnish()
    load_days(packages, SEPTEMBER_END)
    return SimpleNamespace(packages=packages, subjects=subjects, interactions=world.interactions)


def _tell_units(world: World) -> None:
    """Two regions with three branches; in September 1002 goes into 1003 (K5)."""
    for code, kind, parent in (("HQ", "hq", ""), ("R1", "region", "HQ"), ("R2", "region", "HQ")):
        world.unit(START, code, kind, parent)
    for code, parent in (("1001", "R1"), ("1002", "R2"), ("1003", "R2")):
        world.unit(START, code, "branch", parent)
    world.unit(date(2026, 9, 10), "1002", "branch", "R2", closed="2026-09-10", successor="1003")


def _client(world: World, number: int) -> Subject:
    made = world.client(f"case {number}", branch_code="1001", manager_no="M1001A", assets=20_000 + number)
    for month in (6, 7, 8, 9):
        made.trade(date(2026, month, 10), 30_000 + 100 * number, "25.0000")
        made.income(date(2026, month, 20), "margin_interest", "12.5000")
    return made


def give(subject: Subject, branch: str, manager: str, day: date) -> Handover:
    owner = Owner(Unit.objects.get(code=branch), manager)
    client = Client.objects.get(client_no=subject.client_no)
    return hand_over(actor=LEADER, client=client, owner=owner, from_date=day, reason="leaves", today=day)


@pytest.fixture(autouse=True)
def plain_world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """One connection for all; the brokerage has no people."""
    settings.RECOMPUTE_THREADS = 1
    monkeypatch.setattr("clients.actions.ownership.is_known_manager", lambda *_args: True)


def seen(firm: SimpleNamespace, as_of: date, words: list[Word]) -> list[str]:
    """Where the night's tables differ from the oracle's."""
    config = Config(channel_costs=loading.scenario.CHANNEL_COSTS, targets=loading.scenario.TARGETS)
    periods = ["2026-06", "2026-07", "2026-08", "2026-Q3"]
    expected = Oracle(firm.packages, firm.interactions, config, words).expected(as_of, periods=periods)
    found = nights.look(as_of)
    lines = differences(
        expected.client_months, found.client_months, ("client_no", "month", "branch", "manager")
    )
    told = ("reason", "branch", "manager")
    lines += differences(expected.events, found.events, ("client_no", "date", "event"), told)
    for name in periods:
        lines += differences(expected.cards[name], found.cards[name], ("unit.type", "unit.code"))
    return lines


def cards(period: str) -> list[tuple[Any, ...]]:
    rows = Scorecard.objects.filter(period=period).order_by("unit_type", "unit_code", "revision")
    return [(row.unit_label, row.revision, row.current, row.counts, row.total, row.as_of) for row in rows]


def final_cards() -> list[dict[str, Any]]:
    """Frozen cards with their lines, but not whether they are the current revisions."""
    rows = Scorecard.objects.filter(state="final").order_by("pk")
    fields = [field.name for field in Scorecard._meta.fields if field.name != "current"]
    lines = ScorecardLine.objects.filter(card__state="final").order_by("pk")
    return [*rows.values(*fields), *lines.values()]


def counts(period: str, unit: str) -> dict[str, int]:
    kind, _, code = unit.partition(":")
    card = Scorecard.objects.get(period=period, unit_type=kind, unit_code=code, current=True)
    return {name: count for name, count in card.counts.items() if count}


def test_past_months_stay_and_the_new_one_moves(firm: SimpleNamespace) -> None:
    night(JULY_END)
    before = {period: cards(period) for period in ("2026-06", "2026-07")}
    give(firm.subjects[0], "1002", "M1002A", AUGUST)
    give(firm.subjects[1], "1001", "M1001B", AUGUST)
    night(AUGUST_END)
    assert {period: cards(period) for period in before} == before
    assert counts("2026-08", "branch:1001")["T_out"] == 1
    assert counts("2026-08", "branch:1002")["T_in"] == 1
    assert counts("2026-08", "manager:M1001A")["T_out"] == 3  # one of them by the feed
    assert counts("2026-08", "manager:M1002A")["T_in"] == 1
    assert counts("2026-08", "manager:M1001B")["T_in"] == 1


def test_every_figure_is_as_the_oracle_reckons_it(firm: SimpleNamespace) -> None:
    """Also with feed rows after it that change or repeat the owner, a loss (K3), and a merger (K5).

    Cards that were signed before the merger stay as the oracle reckoned them; revisions follow it.
    """
    night(JULY_END)
    words = []
    for number, (branch, manager, day) in enumerate(
        [
            ("1002", "M1002A", AUGUST),
            ("1001", "M1001B", MIDDLE),
            ("1002", "", MIDDLE),
            ("1002", "M1002A", MIDDLE),  # the feed changes it on the 20th
            ("1002", "M1002B", MIDDLE),  # the feed repeats the old owner on the 20th
            ("1002", "M1002A", MIDDLE),  # is lost on the 25th: K3 undoes the transfer
        ]
    ):
        give(firm.subjects[number], branch, manager, day)
        words.append(Word(firm.subjects[number].client_no, day, branch, manager))
    give(firm.subjects[0], "1003", "", MIDDLE)
    words.append(Word(firm.subjects[0].client_no, MIDDLE, "1003", ""))
    night(MIDDLE)
    night(AUGUST_END)
    assert seen(firm, AUGUST_END, words) == []
    assert counts("2026-08", "branch:1001")["L"] == 1  # K3
    people = [Person.objects.create(username=name, name=name, employee_no=name) for name in ("one", "two")]
    seal(SimpleNamespace(value_analyst=people[0], value_analyst_2=people[1]), "2026-08")
    signed = final_cards()
    night(SEPTEMBER_END)
    assert final_cards() == signed
    later = Scorecard.objects.filter(period="2026-08", current=True).exclude(state="final")
    assert {("branch", "1003"), ("region", "R2")} >= set(later.values_list("unit_type", "unit_code")) != set()
    kept = "too much: unit.type branch, unit.code 1002"  # a merged branch keeps its cards of closed periods
    assert seen(firm, SEPTEMBER_END, words) == [kept] * 3


def test_a_run_of_an_earlier_day_knows_nothing_of_it(firm: SimpleNamespace) -> None:
    give(firm.subjects[0], "1002", "M1002A", MIDDLE)
    night(date(2026, 8, 13))
    assert not RecordSpan.objects.filter(branch__code="1002").exists()
    night(MIDDLE)
    span = RecordSpan.objects.get(branch__code="1002")
    assert (span.from_date, span.manager_no) == (MIDDLE, "M1002A")


def test_taken_back_it_leaves_no_trace_in_the_figures(firm: SimpleNamespace) -> None:
    night(AUGUST_END)
    before = cards("2026-08")
    made = give(firm.subjects[0], "1002", "M1002A", MIDDLE)
    night(AUGUST_END)
    assert counts("2026-08", "branch:1002")["T_in"] == 1
    cancel_handover(actor=LEADER, handover=made, today=MIDDLE)
    night(AUGUST_END)
    assert [card[3] for card in cards("2026-08") if card[2]] == [card[3] for card in before if card[2]]
    assert not RecordMark.objects.exists()
