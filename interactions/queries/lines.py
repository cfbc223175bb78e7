"""Reads of lines and their events for whoever manages channels; never what was said, nor by whom."""

from datetime import datetime, time
from typing import Any

from django.db.models import DateTimeField, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from interactions.models import ChannelEvent, Line

COUNTED = 10_000  # counting of a line's events stops there
# The index (line, received_at) answers; a line may bring millions.
TODAY = f"""(
    SELECT count(*) FROM (
        SELECT FROM interactions_channelevent event
        WHERE event.line_id = interactions_line.id AND event.received_at >= %s LIMIT {COUNTED + 1}
    ) counted
)"""


def lines_of(user: Any) -> QuerySet[Line]:
    """The lines of the units where the person manages channels."""
    reach = user.scope_for("channels.manage")
    lines = Line.objects.select_related("unit")
    return lines if reach.firm else lines.filter(unit_id__in=reach.unit_ids)


def with_events(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Each with `last_event_at` and `today`, how many came in since midnight (COUNTED + 1 for more)."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    newest = ChannelEvent.objects.filter(line=OuterRef("pk")).order_by("-received_at")
    return lines.annotate(
        last_event_at=Subquery(newest.values("received_at")[:1], output_field=DateTimeField()),
        today=RawSQL(TODAY, [midnight], output_field=IntegerField()),
    )


def parked_of(user: Any) -> QuerySet[ChannelEvent]:
    """Events of these lines that wait for a person, without their content."""
    parked = ChannelEvent.objects.filter(state=ChannelEvent.State.PARKED, line__in=lines_of(user))
    return parked.select_related("line").defer("raw", "told")
