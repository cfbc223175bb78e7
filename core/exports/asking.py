"""Asking for a list as a file: with a purpose, and above 1 000 rows with somebody else's approval."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import audit, jobs
from core.errors import Conflict
from core.exports import files
from core.keyset import capped_count
from core.lists.sources import ListSource, bare_query, seeks_a_number
from core.lists.words import column_words, filter_words
from core.models import Export, ExportedRows
from core.owners import owner_of

ASK, APPROVE = "exports.request", "exports.approve"
KIND = "core.tasks.make_export"
WITHOUT_APPROVAL = 1_000  # rows
MOST_ROWS = 200_000
KEPT_FOR = timedelta(days=7)
GROWTH = 1.1  # an approved file may hold a tenth more rows than were counted when it was asked for
State = Export.State


@transaction.atomic
def ask(*, actor: Any, source: ListSource, query: str, format: str, purpose: str) -> Export:
    """Notes what is asked for; small ones are made at once, large ones wait for approval.

    Raises PermissionDenied without the right, Conflict for an empty list or more than 200 000 rows.
    """
    if not (actor.may(ASK) and actor.may(source.right)):
        raise PermissionDenied
    kept = bare_query(query)
    page = source.page_for(actor, kept, right=ASK)
    counted, more = capped_count(page.queryset, MOST_ROWS)
    _check(kept, counted, more)
    export = Export.objects.create(
        list_name=source.name,
        query=kept,
        columns=[column.key for column in page.shown_columns],
        described={"filters": filter_words(page), "columns": column_words(page)},
        format=format,
        purpose=purpose,
        language=get_language() or "",
        owner_kind=actor.actor_kind,
        owner_id=actor.pk,
        owner_name=actor.actor_name,
        counted=counted,
        needs_approval=counted > WITHOUT_APPROVAL,
        state=State.ASKED,
    )
    note(export, actor, "asked")
    return export if export.needs_approval else _make(export, actor)


def _check(query: str, counted: int, more: bool) -> None:
    if seeks_a_number(query):
        raise Conflict(_("A search for a number is not kept; take it out of the search box first."))
    if not counted:
        raise Conflict(_("The list is empty."))
    if more:
        words = _("At most %(most)s rows in one file; narrow the filters.")
        raise Conflict(words % {"most": f"{MOST_ROWS:,}"})


@transaction.atomic
def approve(*, actor: Any, export: Export, reason: str) -> Export:
    """Lets a large file be made.

    Raises Conflict for an own request, one that is decided, or one of a system that was removed.
    """
    export = _decided(actor, export, reason)
    owner = owner_of(export.owner_kind, export.owner_id)
    if owner is None:
        raise Conflict(_("Who asked for it is not there any more."))
    note(export, actor, "approved", reason=reason)
    return _make(export, owner)


@transaction.atomic
def refuse(*, actor: Any, export: Export, reason: str) -> Export:
    """Refuses a large file, saying why. Raises Conflict for an own request or one that is decided."""
    export = _decided(actor, export, reason)
    export.state = State.REFUSED
    export.save()
    note(export, actor, "refused", reason=reason)
    return export


def _decided(actor: Any, export: Export, reason: str) -> Export:
    if not may_decide(actor):
        raise PermissionDenied
    export = Export.objects.select_for_update().get(pk=export.pk)
    if export.state != State.ASKED:
        raise Conflict(_("This request is decided already."))
    if is_own(export, actor):
        raise Conflict(_("Somebody else must decide on an own request."))
    export.decided_by_id, export.decided_by_name = actor.pk, actor.actor_name
    export.decided_at, export.decision_reason = timezone.now(), reason
    return export


def may_decide(person: Any) -> bool:
    """Whoever may approve files for the whole firm: people, never another system."""
    return bool(person.actor_kind == "person" and person.may(APPROVE) and person.scope_for(APPROVE).firm)


def to_decide() -> QuerySet[Export]:
    """Requests that wait for a decision, oldest first."""
    return Export.objects.filter(state=State.ASKED, needs_approval=True).order_by("pk")


def own(caller: Any) -> QuerySet[Export]:
    """What a person or another system asked for, newest first."""
    mine = Export.objects.filter(owner_kind=caller.actor_kind, owner_id=caller.pk)
    return mine.select_related("job").order_by("-pk")


def is_own(export: Export, caller: Any) -> bool:
    return (export.owner_kind, export.owner_id) == (caller.actor_kind, caller.pk)


def telling_of(ids: Sequence[int]) -> list[int]:
    """The files, kept or gone, in which one of these subjects (clients) stands."""
    found = ExportedRows.objects.filter(ids__overlap=list(ids)).order_by("export_id")
    return list(found.values_list("export_id", flat=True).distinct())


def _make(export: Export, owner: Any) -> Export:
    """A job of the one who asked makes the file."""
    title = _("File of %(count)s rows") % {"count": f"{export.counted:,}"}
    export.job = jobs.start(
        kind=KIND, title=title, owner=owner, arguments={"export": export.pk}, url=reverse("exports:list")
    )
    export.state = State.MAKING
    export.save()
    return export


@transaction.atomic
def fetched(*, actor: Any, export: Export) -> Export:
    """Puts a download on record. Raises Conflict when the file is not there (any more)."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if export.state != State.READY or export.expires_at is None or export.expires_at <= timezone.now():
        raise Conflict(_("The file is not there any more; ask for it again."))
    note(export, actor, "downloaded")
    return export


def expire() -> int:
    """Forgets files after seven days, and requests that nobody decided in that time; returns how many."""
    now = timezone.now()
    over = Q(state=State.READY, expires_at__lte=now)
    over |= Q(state__in=[State.ASKED, State.MAKING], created_at__lte=now - KEPT_FOR)
    due = list(Export.objects.filter(over).values_list("pk", flat=True))
    for pk in due:
        _expire_one(pk)
    return len(due)


@transaction.atomic
def _expire_one(pk: int) -> None:
    export = Export.objects.select_for_update().get(pk=pk)
    if export.state in (State.READY, State.ASKED, State.MAKING):
        files.forget(export)
        export.state = State.EXPIRED
        export.save()
        note(export, audit.SYSTEM, "expired")


def note(export: Export, actor: audit.Actor, happened: str, **detail: Any) -> None:
    """One entry of the audit trail for each step of a file."""
    facts = {"list": export.list_name, "query": export.query, "columns": export.columns}
    facts |= {"purpose": export.purpose}
    audit.record(
        actor=actor,
        deed=f"export.{happened}",
        subject_type="export",
        subject_id=export.pk,
        detail={**facts, "format": export.format, "rows": export.rows or export.counted, **detail},
    )
