"""Size and worth of a saved segment at the closes before its first night."""

from datetime import date
from types import SimpleNamespace

import pytest

from clients.models import ClientStanding
from core.errors import Conflict
from segmentation import tasks
from segmentation.actions import segments as deeds
from segmentation.models import ScoreClose
from segmentation.queries import segments as queries
from staff.models import Unit
from tests.clients.people import make_client
from tests.segmentation.test_saved_segments import NIGHTS, members, night, write

AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 30)


def _scored(units: dict[str, Unit]) -> None:
    """Three clients with their scores in August, September and now."""
    for number, code, august, september, now in (
        (1, "1001", 80, 10, 80), (2, "1001", 10, 10, 60), (3, "1002", 75, 90, 75),
    ):  # fmt: skip
        client = make_client(units[code], f"C{number}")
        for close, score in ((AUGUST, august), (SEPTEMBER, september)):
            ScoreClose.objects.create(
                client=client, as_of=close, branch=client.branch, kind=client.kind, score=score,
                contribution_12m=score, assets_end=1000,
            )  # fmt: skip
        ClientStanding.objects.create(
            client=client, branch=client.branch, score=now, contribution_12m=now, assets=2000, as_of=NIGHTS[0]
        )


def test_past_closes_are_drawn_by_a_job(cast: SimpleNamespace, units: dict[str, Unit]) -> None:
    _scored(units)
    analyst = cast.value_analyst
    segment = write(analyst, sharing="firm")
    with pytest.raises(Conflict):  # no night has worked it out
        deeds.draw_past_closes(actor=analyst, segment=segment)
    night(NIGHTS[0])
    kept = members(segment)
    job = deeds.draw_past_closes(actor=analyst, segment=segment)
    assert deeds.draw_past_closes(actor=analyst, segment=segment) == job
    for _ in range(2):
        tasks.draw_past_closes(job.pk)
    night(NIGHTS[1])
    segment.refresh_from_db()
    points = queries.trend(analyst, segment)
    assert [(one.as_of, one.members, one.contribution, one.assets) for one in points] == [
        (AUGUST, 2, 155, 2000), (SEPTEMBER, 1, 90, 1000), (NIGHTS[1], 2, 155, 4000),
    ]  # fmt: skip
    assert members(segment) == kept
    with pytest.raises(Conflict):
        deeds.draw_past_closes(actor=analyst, segment=segment)
