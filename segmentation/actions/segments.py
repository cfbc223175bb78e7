"""Deeds on saved segments: write, change, share, put away, bring back."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.errors import Conflict, Stale
from core.models import Job
from segmentation.models import Segment, SegmentRule
from segmentation.queries.catalogue import CATALOGUE
from segmentation.queries.segments import (
    DRAWING,
    may_change,
    may_share,
    past_closes,
    unfinished_drawing,
)
from segmentation.rules import RuleError, plain, read
from staff.models import Unit

MOST_KEPT = 100  # in the firm: the night works each of them out for every client


@dataclass(frozen=True)
class SegmentTold:
    """What somebody says of a segment; see the model's fields."""

    name: str
    rule: Any
    note: str = ""
    sharing: str = Segment.Sharing.PERSON
    unit: Unit | None = None
    is_kept: bool = True
    tells: bool = False


@transaction.atomic
def write_segment(*, actor: Any, told: SegmentTold) -> Segment:
    """A new segment. Raises ValidationError by field, RuleError by place, PermissionDenied on sharing."""
    person = actor if getattr(actor, "actor_kind", "") == "person" else None
    segment = Segment(owner=person, owner_name=person.name if person else actor.actor_name)
    _put(actor, segment, told)
    _store(segment)
    _keep_rule(actor, segment)
    _note(actor, "segment.made", segment)
    return segment


@transaction.atomic
def change_segment(*, actor: Any, segment: Segment, version: int, told: SegmentTold) -> Segment:
    """Says it anew, as it was read. Raises Stale when somebody else changed it meanwhile."""
    held = _held(actor, segment, version)
    before, shared = held.rule, (held.sharing, held.unit_id)
    _put(actor, held, told)
    if held.rule != before:
        held.rule_version += 1
    _store(held)
    if held.rule != before:
        _keep_rule(actor, held)
    _note(actor, "segment.changed", held)
    if (held.sharing, held.unit_id) != shared:
        _note(actor, "segment.shared", held)
    return held


@transaction.atomic
def share_segment(
    *, actor: Any, segment: Segment, version: int, sharing: str, unit: Unit | None = None
) -> Segment:
    """Offers it to a unit or the firm, or keeps it to its owner again."""
    held = _held(actor, segment, version)
    _share(actor, held, sharing, unit)
    _store(held)
    _note(actor, "segment.shared", held)
    return held


@transaction.atomic
def archive_segment(*, actor: Any, segment: Segment, version: int) -> Segment:
    """Puts it away: it is offered no more and the night leaves it alone. What it was stays."""
    held = _held(actor, segment, version)
    held.archived_at = timezone.now()
    _store(held)
    _note(actor, "segment.archived", held)
    return held


@transaction.atomic
def restore_segment(*, actor: Any, segment: Segment) -> Segment:
    """Brings one back that was put away."""
    held = _held(actor, segment, None)
    held.archived_at = None
    _demand_room(held)
    _store(held)
    _note(actor, "segment.restored", held)
    return held


@transaction.atomic
def draw_past_closes(*, actor: Any, segment: Segment) -> Job:
    """A job that draws the segment's size and worth at past closes; the one under way instead of a second.

    Raises Conflict where there is none left to draw, or the night has not worked the segment out yet.
    """
    held = _held(actor, segment, None)
    if under_way := unfinished_drawing(held).first():
        return under_way
    if not past_closes(held):
        raise Conflict(_("There is no past close left to draw."))
    _note(actor, "segment.past_drawn", held)
    return jobs.start(
        kind=DRAWING, title=_("Past closes of %(name)s") % {"name": held.name}, owner=actor,
        arguments={"segment": held.pk}, url=reverse("segmentation:saved_detail", args=[held.pk]),
    )  # fmt: skip


def _held(actor: Any, segment: Segment, version: int | None) -> Segment:
    rows = Segment.objects.select_for_update(of=("self",)).select_related("unit")
    held = rows.get(pk=segment.pk)
    if not may_change(actor, held):
        raise PermissionDenied
    if version is not None and held.version != version:
        raise Stale(_("Somebody else changed this segment in the meantime. Look at it again."))
    held.version += 1
    return held


def _put(actor: Any, segment: Segment, told: SegmentTold) -> None:
    name = told.name.strip()
    if not name or len(name) > 80:
        raise ValidationError({"name": _("A name of 1 to 80 characters.")})
    segment.rule = plain(read(told.rule, CATALOGUE))
    segment.name, segment.note = name, told.note.strip()[:400]
    segment.is_kept, segment.tells = told.is_kept or told.tells, told.tells
    _share(actor, segment, told.sharing, told.unit)
    _demand_room(segment)


def _share(actor: Any, segment: Segment, sharing: str, unit: Unit | None) -> None:
    if sharing not in Segment.Sharing.values:
        raise ValidationError({"sharing": _("Choose with whom it is shared.")})
    if sharing == Segment.Sharing.UNIT and unit is None:
        raise ValidationError({"unit": _("Choose the unit.")})
    if sharing == Segment.Sharing.PERSON and segment.owner is None:
        raise ValidationError({"sharing": _("A segment without an owner is shared.")})
    segment.unit = unit if sharing == Segment.Sharing.UNIT else None
    segment.sharing = sharing
    unchanged = (
        segment.pk and Segment.objects.filter(pk=segment.pk, sharing=sharing, unit=segment.unit).exists()
    )
    if not unchanged and not may_share(actor, sharing, segment.unit_id):
        raise PermissionDenied


def _demand_room(segment: Segment) -> None:
    if segment.is_kept and Segment.objects.kept().exclude(pk=segment.pk).count() >= MOST_KEPT:
        words = _("The night keeps the members of %(most)s segments already; keep this one without them.")
        raise Conflict(words % {"most": MOST_KEPT})


def _store(segment: Segment) -> None:
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        if "segment_own_name_once" not in str(error):
            raise
        words = _("You have a segment named %(name)s already.") % {"name": segment.name}
        raise ValidationError({"name": words}) from None


def _keep_rule(actor: audit.Actor, segment: Segment) -> None:
    SegmentRule.objects.create(
        segment=segment, number=segment.rule_version, rule=segment.rule, changed_by=actor.actor_name[:60]
    )


def _note(actor: audit.Actor, deed: str, segment: Segment) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="segment", subject_id=segment.pk,
        unit_code=segment.unit.code if segment.unit else "",
        detail={"name": segment.name, "sharing": segment.sharing, "rule": segment.rule},
    )  # fmt: skip


__all__ = [
    "RuleError",
    "SegmentTold",
    "archive_segment",
    "change_segment",
    "draw_past_closes",
    "restore_segment",
    "share_segment",
    "write_segment",
]
