"""The trend of a segment at month closes before its first night (docs/saved-segments.md)."""

from datetime import date

from django.db import transaction

from core import jobs, sql
from core.models import Job
from segmentation.models import Segment, SegmentTrend
from segmentation.queries.compiling import Frame
from segmentation.queries.segments import past_closes, rule_of
from segmentation.recompute.segments import STAGE, fill, id_ranges
from segmentation.recompute.stages import open_stages, truncate


def draw_past_closes(job: Job) -> None:
    """The newest first, each close in a transaction of its own; coming twice goes on with what is left.

    A segment that was put away meanwhile is left alone.
    """
    segment = Segment.objects.standing().filter(pk=job.arguments["segment"]).first()
    if segment is None:
        return
    closes = past_closes(segment)
    for done, close in enumerate(closes):
        jobs.progress(job, 100 * done // len(closes))
        _draw(segment, close)


@transaction.atomic
def _draw(segment: Segment, close: date) -> None:
    """By the rule as it is; when somebody changes it meanwhile the close is drawn by the one that began."""
    rule = rule_of(segment)
    SegmentTrend.objects.filter(segment=segment, as_of=close).delete()
    for ids in id_ranges():
        open_stages(STAGE)
        truncate(STAGE)
        fill(rule, Frame(close, at_close=True, ids=ids))
        sql.run("segmentation", "segment_past", {"segment": segment.pk, "as_of": close})
    held = Segment.objects.select_for_update().get(pk=segment.pk)
    held.nights = sorted({*held.nights, close}, reverse=True)
    held.save(update_fields=["nights"])
