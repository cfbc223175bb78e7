"""Fixtures of the feed tests: a package writer, and a door that expects packages to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.audit import SYSTEM
from core.models import Run, RunStep
from core.runs import RunContext
from trading import queries, recompute
from trading.feed import LoadResult, load_package
from trading.models import FeedPackage

from .packages import DAY, Writer

Load = Callable[..., LoadResult]
Facts = Callable[..., int]


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


@pytest.fixture
def load(writer: Writer, db: None) -> Load:
    """Writes a package and loads it; expects it to end in `state`."""

    def loaded(
        day: date = DAY,
        files: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
        *,
        state: str = FeedPackage.State.LOADED,
        **how: Any,
    ) -> LoadResult:
        result = load_package(writer.write(day, files, **how), actor=SYSTEM)
        assert result.state == state, result.reason
        return result

    return loaded


@pytest.fixture
def facts(db: None) -> Facts:
    """Runs the facts step as of a day, all anew unless `all_from` is given; returns the rows written."""

    def run(as_of: date, all_from: date | None = None) -> int:
        if all_from is None:
            Run.objects.all().delete()
        first = queries.first_month(as_of)
        taken = recompute.take_marks(as_of)
        row = Run.objects.create(as_of=as_of, requested_by="test", state=Run.State.RUNNING)
        step = RunStep.objects.create(run=row, position=0, name="facts")
        start = first if all_from is None else min(all_from, taken or all_from)
        recompute.client_months(RunContext(row, as_of, start, first, ((0, 2**62),)), step)
        recompute.forget_dirty()
        Run.objects.filter(pk=row.pk).update(state=Run.State.DONE, finished_at=timezone.now())
        step.refresh_from_db()
        return step.rows

    return run
