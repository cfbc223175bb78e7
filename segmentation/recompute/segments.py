"""The step `segments`: who came into each kept segment and who left it, and why (docs/saved-segments.md)."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, Max, Min, QuerySet

from clients.models import Client
from core import sql
from core.models import Run, RunStep
from core.runs import RunContext, Work, run_chunks
from segmentation.dates import is_month_end
from segmentation.models import Segment, SegmentBlock
from segmentation.queries.compiling import Frame, bits, framed, of_bits
from segmentation.queries.segments import rule_of
from segmentation.recompute.stages import open_stages, truncate
from segmentation.rules import Rule, RuleError

log = logging.getLogger(__name__)
STAGE, MOVES = "segmentation_segmentstage", "segmentation_segmentmove"
# What writes each kind of move; back and retract come only where a night is done again.
APPLIED = {
    "enter": "segment_enter",
    "leave": "segment_leave",
    "back": "segment_back",
    "retract": "segment_retract",
}


def segments(ctx: RunContext, step: RunStep) -> None:
    """Works every kept segment out anew, block by block of client ids, and writes what changed.

    Tags, contacts and records are known as they are now, so a run as of an earlier day than the newest
    leaves the segments alone.
    """
    if _is_past(ctx, step):
        return
    if not run_chunks(step, _blocks(), lambda work: _block(ctx.as_of, work), ctx.crew):
        return
    kept = _readable(Segment.objects.kept())
    written = sum(draw_trend(segment, ctx.as_of) for segment, _rule in kept)
    RunStep.objects.filter(pk=step.pk).update(rows=F("rows") + written)


def _is_past(ctx: RunContext, step: RunStep) -> bool:
    later = RunStep.objects.filter(name=step.name, state=Run.State.DONE, run__as_of__gt=ctx.as_of)
    return later.exists()


def _blocks() -> list[Work]:
    ends = Client.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return []
    size = SegmentBlock.SIZE
    return [{"block": number} for number in range(ends["low"] // size, ends["high"] // size + 1)]


def id_ranges() -> list[tuple[int, int]]:
    """The first and last id of each block."""
    return [_ends(work["block"]) for work in _blocks()]


def _ends(block: int) -> tuple[int, int]:
    return block * SegmentBlock.SIZE, (block + 1) * SegmentBlock.SIZE - 1


def _block(as_of: date, work: Work) -> int:
    """One block of ids, all segments one after the other: their rows are in the cache then."""
    return sum(
        _settle(segment, rule, Frame(as_of), work["block"])
        for segment, rule in _readable(Segment.objects.kept())
    )


def _readable(segments_kept: QuerySet[Segment]) -> Sequence[tuple[Segment, Rule]]:
    """A rule that names what is gone keeps its members as they were, and stops nobody else."""
    found = []
    for segment in segments_kept.order_by("pk"):
        try:
            found.append((segment, rule_of(segment)))
        except RuleError as error:
            log.warning("segment %s is left alone: %s", segment.pk, error)
    return found


@transaction.atomic
def work_out(segment: Segment, as_of: date, *, at_close: bool = False) -> int:
    """One segment alone, as of a night or a past month close; returns how many moved."""
    rule = rule_of(segment)
    moved = sum(_settle(segment, rule, Frame(as_of, at_close), work["block"]) for work in _blocks())
    draw_trend(segment, as_of, at_close=at_close)
    return moved


def _settle(segment: Segment, rule: Rule, frame: Frame, block: int) -> int:
    """What the block's clients are to the segment, against what is kept; returns how many moved."""
    low, high = _ends(block)
    params: dict[str, Any] = {
        "segment": segment.pk, "rule_version": segment.rule_version, "as_of": frame.today, "block": block,
        "lo": low, "hi": high, "is_first": not _was_kept(segment, frame.today),
    }  # fmt: skip
    open_stages(STAGE, MOVES)
    truncate(STAGE, MOVES)
    fill(rule, replace(frame, ids=(low, high)))
    moved = sql.run("segmentation", "segment_move", params)
    for kind in _kinds() if moved else ():
        sql.run("segmentation", APPLIED[kind], params)
    if moved and segment.tells:
        sql.run("segmentation", "segment_tell", params)
    sql.run("segmentation", "segment_block", params)
    return moved


def _kinds() -> list[str]:
    """The kinds of move that the block has, in the order in which they are written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT move FROM {MOVES}")
        found = {move for (move,) in cursor.fetchall()}
    return [kind for kind in APPLIED if kind in found]


def _was_kept(segment: Segment, as_of: date) -> bool:
    """Whether an earlier night worked the segment out."""
    return SegmentBlock.objects.filter(segment=segment, first_on__lt=as_of).exists()


def fill(rule: Rule, frame: Frame) -> None:
    """Puts the clients of the frame's ids into the stage."""
    clients = Client.objects.filter(pk__range=frame.ids, merged_into__isnull=True).order_by()
    told = framed(clients, frame).annotate(told=bits(rule, frame)).values_list("pk", "branch_id", "told")
    try:
        found, params = told.query.sql_with_params()
    except EmptyResultSet:
        return
    places = {"found": found, "verdict": of_bits(rule)}
    with connection.cursor() as cursor:
        cursor.execute(sql.filled("segmentation", "segment_fill", places), params)


@transaction.atomic
def draw_trend(segment: Segment, as_of: date, *, at_close: bool = False) -> int:
    """The sums of the night; of earlier nights only those of month closes stay."""
    params = {"segment": segment.pk, "as_of": as_of, "close_on": as_of if at_close else None}
    held = Segment.objects.select_for_update().get(pk=segment.pk)  # past closes may be drawn at the same time
    earlier = [day for day in held.nights if day < as_of and is_month_end(day)]
    Segment.objects.filter(pk=segment.pk).update(nights=[as_of, *earlier])
    segment.nights = [as_of, *earlier]
    sql.run("segmentation", "segment_trend_delete", params)
    return sql.run("segmentation", "segment_trend", params)
