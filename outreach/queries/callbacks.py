"""Reads of callbacks that pages, API and deeds share: who may call whom when, and how far units are."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import crypto
from core.keyset import capped_count
from outreach.models import Callback, CallbackDraw, CallbackKind, CallbackTry
from outreach.moments import SHANGHAI
from staff.models import Unit

HELD_FOR = timedelta(hours=2)
"""So long a callback is kept for whoever took it; then others may take it."""
COUNTED_TO = 1000


def listed(user: Any) -> QuerySet[Callback]:
    """The callbacks somebody may see, with what a list shows of them."""
    if not (user.may("callbacks.view") and user.scope_for("callbacks.view").identity):
        return Callback.objects.none()
    return Callback.objects.visible_to(user).select_related("client", "branch", "caller", "programme")


def in_reach(actor: Any) -> QuerySet[Callback]:
    """Those of clients where the person may call back."""
    return Callback.objects.in_scope(actor.scope_for("callbacks.work"))


def of_caller(actor: Any) -> QuerySet[Callback]:
    """The one that the person has in hand, unless the client has become the person's own."""
    rows = in_reach(actor).filter(state=Callback.State.OPEN, caller_id=actor.pk)
    return rows.exclude(client__manager_no=actor.employee_no)


def waiting(actor: Any, now: datetime, kind: str = "") -> QuerySet[Callback]:
    """Those that could be called now and that nobody else has in hand."""
    at = now.astimezone(SHANGHAI).time()
    rows = in_reach(actor).filter(state=Callback.State.OPEN, next_at__lte=now)
    rows = rows.filter(programme__call_from__lte=at, programme__call_to__gt=at)
    nobody = Q(caller=None) | Q(taken_at__lt=now - HELD_FOR)
    return rows.filter(nobody, **({"kind": kind} if kind in CallbackKind.values else {}))


def free_for(actor: Any, now: datetime, kind: str = "") -> QuerySet[Callback]:
    """Of those the ones of clients whom the person does not manage."""
    return waiting(actor, now, kind).exclude(client__manager_no=actor.employee_no)


def skipped_for(actor: Any, now: datetime, kind: str = "") -> QuerySet[Callback]:
    """Those that the person is not given, as somebody who does not manage the client has to call."""
    rows = waiting(actor, now, kind).filter(client__manager_no=actor.employee_no)
    return rows.select_related("client").order_by("due_on", "id")


def hindrance(row: Callback, actor: Any, now: datetime) -> str:
    """Why the person can't call it now; empty when that is possible. Needs client and programme."""
    at = now.astimezone(SHANGHAI).time()
    if not row.is_open:
        return _("It is over: %(state)s.") % {"state": row.get_state_display()}
    if row.client.manager_no == actor.employee_no:
        return _("You manage this client; somebody else has to call.")
    held = row.caller_id is not None and row.taken_at is not None and row.taken_at >= now - HELD_FOR
    if held and row.caller_id != actor.pk:
        return _("Somebody else has it in hand.")
    if row.next_at > now:
        when = row.next_at.astimezone(SHANGHAI)
        return _("It is tried again from %(when)s on.") % {"when": f"{when:%Y-%m-%d %H:%M}"}
    if not row.programme.call_from <= at < row.programme.call_to:
        return _("One calls between %(hours)s.") % {"hours": row.programme.hours}
    return ""


def opened(row: Callback) -> tuple[dict[str, str], str]:
    """The answers by question, and the note."""
    if not row.answers:
        return {}, ""
    told = json.loads(crypto.unseal(row.answers, row.context))
    return told["answers"], told["note"]


def count_free(user: Any) -> tuple[int, bool]:
    """How many the person could call now."""
    return capped_count(free_for(user, timezone.now()), COUNTED_TO)


def year_of(asked: str, today: date) -> int:
    """The year asked for, else this one."""
    return int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= 2999 else today.year


def progress(user: Any, kind: str, year: int) -> list[dict[str, Any]]:
    """A row for each branch in sight: how the callbacks of a year's occasions stand.

    `every` without those no longer needed is the quota; `reached`: passed or an exception; `in_time`: those
    of them by their last day; `overdue`: still open after it; `tried`: open with calls nobody answered.
    """
    states = Callback.State
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in states}
    on_time = Q(state=states.PASSED, passed_on__lte=F("due_on"))
    on_time |= Q(state=states.EXCEPTION, ended_at__date__lte=F("due_on"))
    rows = listed(user).filter(kind=kind, occasion_on__gte=date(year, 1, 1))
    rows = rows.filter(occasion_on__lte=date(year, 12, 31))
    told = rows.values("branch__code", "branch__name").annotate(
        every=Count("pk", filter=~Q(state=states.DROPPED)),
        overdue=Count("pk", filter=Q(state=states.OPEN, due_on__lt=timezone.localdate())),
        in_time=Count("pk", filter=on_time),
        tried=Count("pk", filter=Q(state=states.OPEN, tries__gt=0)),
        **counts,
    ).order_by("branch__code")  # fmt: skip
    return [_reckoned(dict(row)) for row in told]


def _reckoned(row: dict[str, Any]) -> dict[str, Any]:
    reached = row["passed"] + row["exception"]
    return {**row, "reached": reached, "share": Decimal(reached) / row["every"] if row["every"] else None}


def made_today(user: Any) -> int:
    """Calls that the person made today in Shanghai."""
    return CallbackTry.objects.filter(caller_id=user.pk, on_day=timezone.localdate()).count()


def summed(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The rows of `progress` as one."""
    names = set(lines[0]) - {"branch__code", "branch__name", "share"} if lines else set()
    return {name: sum(line[name] for line in lines) for name in names}


def years(today: date) -> list[int]:
    """The years that can be looked at, this one first."""
    drawn = CallbackDraw.objects.values_list("year", flat=True)
    return sorted({today.year, *drawn}, reverse=True)


def drawn_branches(draw: CallbackDraw, user: Any) -> list[dict[str, Any]]:
    """Of every branch in sight: its name, how many could be drawn, and how many were."""
    scope = user.scope_for("callbacks.view")
    units = Unit.objects.filter(code__in=draw.branches)
    if not scope.firm:
        units = units.filter(pk__in=scope.branch_ids)
    rows = [(unit, *draw.branches[unit.code]) for unit in units.order_by("code")]
    return [{"unit": unit, "candidates": candidates, "drawn": drawn} for unit, candidates, drawn in rows]
