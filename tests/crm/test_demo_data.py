"""The demo_data command: a small demo through every door, its sign-ins, its resumption."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clients.models import Client
from core.models import Job, Run
from crm.demo.names import MANAGERS
from crm.demo_loading import KIND, packages
from interactions.models import Interaction
from kpis.models import Scorecard
from segmentation.models import ClientScore, ModelVersion
from staff.models import Person
from trading.models import FeedPackage, QuarantinedRow

pytestmark = pytest.mark.django_db
SMALL = ("--clients", "60", "--months", "1", "--until", "2026-10-31", "--password", "made-for-the-test-7")


@pytest.fixture(autouse=True)
def one_connection(settings: Any) -> None:
    """The rows of a test's transaction are seen by no other connection."""
    settings.RECOMPUTE_THREADS = 1


def make_demo() -> str:
    out = io.StringIO()
    call_command("demo_data", *SMALL, stdout=out)
    return out.getvalue()


def test_everything_is_loaded_and_scored() -> None:
    told = make_demo()
    states = set(FeedPackage.objects.values_list("state", flat=True))
    assert states == {FeedPackage.State.LOADED, FeedPackage.State.REPLACED}
    assert QuarantinedRow.objects.count() >= 6
    assert Client.objects.exclude(status="prospect").count() == 60
    fed = Interaction.objects.filter(conversation="", recorded_by="demo data")
    assert (
        fed.count() == 33
    )  # 30 of the feeds, 3 calls of a campaign; others are of the desk and of callbacks
    assert Person.objects.filter(employee_no__in=MANAGERS).count() == len(MANAGERS)
    assert ModelVersion.objects.get(number=1).breakpoints_as_of == date(2026, 10, 31)
    assert ClientScore.objects.exclude(score=None).exists()
    assert Scorecard.objects.filter(revision=1).count() == Scorecard.objects.count() > 0
    job = Job.objects.get(kind=KIND)
    assert (job.state, job.percent) == (Job.State.DONE, 100)
    assert "wang.haifeng" in told and "made-for-the-test-7" in told
    with pytest.raises(CommandError, match="empty"):
        make_demo()


def test_a_broken_demo_goes_on_as_it_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []
    load = packages.load_package

    def break_off(folder: Path, **rest: object) -> object:
        calls.append(folder)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return load(folder, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(packages, "load_package", break_off)
    with pytest.raises(KeyboardInterrupt):
        make_demo()
    assert FeedPackage.objects.count() == 3
    monkeypatch.setattr(packages, "load_package", load)
    call_command("demo_data", "--clients", "9", "--until", "2026-11-13", stdout=io.StringIO())
    assert Client.objects.exclude(status="prospect").count() == 60
    assert FeedPackage.objects.filter(state=FeedPackage.State.ALREADY_LOADED).count() == 0
    assert Run.objects.filter(state=Run.State.DONE).count() == 2


def test_feed_data_of_others_is_left_alone() -> None:
    FeedPackage.objects.create(
        name="2026-10-30",
        trade_date=date(2026, 10, 30),
        version=1,
        state=FeedPackage.State.LOADED,
        sent_by="x",
    )
    with pytest.raises(CommandError, match="empty"):
        make_demo()
    assert not Job.objects.exists()
