"""`manage.py scorecards --period`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry, Run
from kpis.models import Scorecard, ScorecardLine
from kpis.recompute.period import forget
from tests.kpis.world import World, day
from trading import queries

Q3 = "2026-Q3"


def call(period: str) -> str:
    out = StringIO()
    call_command("scorecards", period=period, stdout=out)
    return out.getvalue()


@pytest.fixture
def made(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A finished run; the loader's first month is the world's."""
    monkeypatch.setattr("kpis.recompute.first_month", lambda _as_of: world.first)
    monkeypatch.setattr("kpis.management.commands.scorecards.first_month", lambda _as_of: world.first)
    world.held("C1")
    world.run("2026-09-30")
    return world


def test_a_periods_cards_are_made_again(made: World) -> None:
    before = made.counts(Q3)
    forget(Q3)
    assert not Scorecard.objects.filter(period=Q3).exists()
    assert call(Q3).startswith("2026-Q3 as of 2026-09-30: 6 cards")
    assert made.counts(Q3) == before
    assert ScorecardLine.objects.filter(card__period=Q3).count() == 24
    assert AuditEntry.objects.filter(deed="scorecards.recomputed", subject_id=Q3).count() == 1


@pytest.mark.parametrize("period", ["2026-Q9", "2027", "2020-01"])
def test_periods_without_facts_are_refused(made: World, period: str) -> None:
    with pytest.raises(CommandError):
        call(period)


def test_not_before_the_first_run_nor_while_one_is_at_work(made: World) -> None:
    Run.objects.create(as_of=day("2026-10-01"), requested_by="x", state=Run.State.RUNNING)
    with pytest.raises(CommandError, match="at work"):
        call(Q3)
    Run.objects.all().delete()
    with pytest.raises(CommandError, match="No run"):
        call(Q3)


def test_without_packages_the_first_month_is_the_runs_own(db: None) -> None:
    assert queries.first_month(day("2026-09-30")) == day("2026-09-01")
