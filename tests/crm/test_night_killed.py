"""A night killed twenty times, anywhere, and started again each time: the rows of an undisturbed one."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from core import sql
from core.models import Run, RunStep
from crm import nightly
from kpis.models import Scorecard
from tests.crm.night_world import ask, execute, load_days, night, write_days

pytestmark = pytest.mark.django_db
KILLS = 20
OFTEN = 26  # statements at most until the next kill


@pytest.fixture
def loaded(units: Any, tmp_path: Path, settings: Any) -> None:
    settings.RECOMPUTE_THREADS = 1  # all on the test's own connection
    load_days(write_days(tmp_path))


class Killed(BaseException):
    """Ends a run as a kill does: nothing is noted any more."""


class Grim:
    """In place of core.sql.run: kills before or after a statement, until it has killed often enough."""

    def __init__(self, seed: int) -> None:
        self.dice, self.whole, self.killed_in = Random(seed), sql.run, list[str]()
        self.left = 1

    def __call__(self, app: str, name: str, params: Any = None) -> int:
        self.left -= 1
        if self.left > 0 or len(self.killed_in) == KILLS:
            return self.whole(app, name, params)
        self.left = self.dice.randint(1, OFTEN)
        running = RunStep.objects.filter(state=Run.State.RUNNING).values_list("name", flat=True)
        self.killed_in.append(running.first() or "plan")
        if self.dice.random() < 0.5:
            self.whole(app, name, params)
        raise Killed


def left_behind() -> dict[str, list[Any]]:
    """Every row that the steps keep, and the cards, without numbers that only count how often was written."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in sorted({*nightly.DERIVED, "outreach_duecontact"}):
            cursor.execute(f"SELECT to_jsonb(t) - '{{id,made_at}}'::text[] FROM {table} AS t")
            found[table] = sorted(json.dumps(json.loads(row), sort_keys=True) for (row,) in cursor.fetchall())
    cards = Scorecard.objects.filter(current=True).values_list(
        "unit_type", "unit_code", "period", "fingerprint"
    )
    found["cards"] = sorted(map(str, cards))
    return found


def test_twenty_kills_leave_no_trace(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        night()
        undisturbed = left_behind()
        transaction.set_rollback(True)
    assert len(undisturbed["cards"]) > 3
    run, grim = ask(), Grim(20)
    monkeypatch.setattr(sql, "run", grim)
    while (run := Run.objects.get(pk=run.pk)).state != Run.State.DONE:
        try:
            execute(run)
        except Killed:
            continue
    assert len(grim.killed_in) == KILLS
    assert run.attempts == KILLS + 1 - grim.killed_in.count("plan")
    assert len(set(grim.killed_in)) >= 5
    assert left_behind() == undisturbed
