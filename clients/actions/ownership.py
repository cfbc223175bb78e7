"""Deeds on ownership: handing clients over, taking a hand-over back, and what follows on its date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Handover, RecordMark
from clients.queries.ownership import RIGHT, in_reach, is_known_manager, target_branches
from core import audit, history, sql
from core.errors import Conflict
from core.months import month_of
from staff.models import Unit

APP = "clients"
AT_ONCE = 5000  # clients in one transaction when hand-overs fall due


@dataclass(frozen=True)
class Owner:
    """A branch and one of its managers; without a manager the branch as a whole."""

    branch: Unit
    manager_no: str = ""


@dataclass(frozen=True)
class Terms:
    """From when on and why; batch is the job that hands over many."""

    from_date: date
    reason: str
    batch: int | None = None


@transaction.atomic
def hand_over(
    *, actor: Any, client: Client, owner: Owner, from_date: date, reason: str, today: date | None = None
) -> Handover:
    """One client goes to a new owner from a date on.

    Raises Conflict when the client or the new owner is out of the actor's reach, the date lies before this
    month, or nothing would change.
    """
    day = today or timezone.localdate()
    check_terms(actor=actor, owners=[owner], from_date=from_date, today=day)
    _give(actor, [client.pk], [owner], Terms(from_date, reason), day)
    made = Handover.objects.filter(client=client, from_date=from_date, cancelled_at=None).first()
    if made is None:
        raise Conflict(_("The client is with this manager already."), code="same_owner")
    _note(actor, "client.handed_over", client, made)
    return made


@transaction.atomic
def hand_over_many(
    *, actor: Any, client_ids: Sequence[int], owners: Sequence[Owner], terms: Terms, today: date | None = None
) -> int:
    """Hands clients over, the first to the first owner, the second to the second, and round again.

    Clients out of the actor's reach, and those with their owner already, are left out. Returns how many were
    handed over. Raises as hand_over.
    """
    day = today or timezone.localdate()
    check_terms(actor=actor, owners=owners, from_date=terms.from_date, today=day)
    given = _give(actor, client_ids, owners, terms, day)
    if given:
        codes = sorted({f"{owner.branch.code}:{owner.manager_no}" for owner in owners})
        detail = {"clients": given, "from_date": terms.from_date, "to": codes, "reason": terms.reason}
        audit.record(
            actor=actor, deed="clients.handed_over", subject_type="handover_batch",
            subject_id=terms.batch or "", unit_code=owners[0].branch.code, detail=detail,
        )  # fmt: skip
    return given


def check_terms(*, actor: Any, owners: Sequence[Owner], from_date: date, today: date) -> None:
    """Raises Conflict, in words, when clients can't go to these owners from that day on."""
    if from_date < month_of(today):
        words = _("The date must not lie before %(day)s: what is past stays with the former owner.")
        raise Conflict(words % {"day": month_of(today).isoformat()}, code="date_in_past_month")
    for owner in owners:
        if not target_branches(actor, max(from_date, today)).filter(pk=owner.branch.pk).exists():
            raise Conflict(
                _("%(branch)s cannot take clients.") % {"branch": owner.branch.name}, code="branch"
            )
        if owner.manager_no and not is_known_manager(owner.manager_no, owner.branch, max(from_date, today)):
            words = _("%(manager)s is no client manager of %(branch)s.")
            names = {"manager": owner.manager_no, "branch": owner.branch.name}
            raise Conflict(words % names, code="manager")


@transaction.atomic
def cancel_handover(*, actor: Any, handover: Handover, today: date | None = None) -> Handover:
    """Takes one hand-over back: a future one, or one of this month. Raises Conflict when it is too late."""
    day = today or timezone.localdate()
    if not _cancel(actor, Handover.objects.filter(pk=handover.pk), day):
        raise Conflict(_("This hand-over can no longer be taken back."), code="too_late")
    handover.refresh_from_db()
    _note(actor, "client.handover_cancelled", handover.client, handover)
    return handover


@transaction.atomic
def cancel_many(
    *, actor: Any, batch: int, client_ids: Sequence[int] | None = None, today: date | None = None
) -> int:
    """Takes the hand-overs of a batch back (of these clients only); returns how many could be."""
    found = Handover.objects.filter(batch=batch)
    if client_ids is not None:
        found = found.filter(client_id__in=client_ids)
    count = _cancel(actor, found, today or timezone.localdate())
    if count:
        audit.record(
            actor=actor, deed="clients.handover_cancelled", subject_type="handover_batch", subject_id=batch,
            detail={"clients": count},
        )  # fmt: skip
    return count


def apply_due(today: date | None = None) -> int:
    """The daily work: hand-overs whose date has come reach the clients' rows. Returns how many."""
    day, count = today or timezone.localdate(), 0
    while done := _apply_some(day):
        count += done
    return count


def settle_owners(client_ids: Sequence[int], today: date | None = None) -> int:
    """Puts these clients' present branch and manager right, by hand-overs and feeds together."""
    if not client_ids:
        return 0
    day = today or timezone.localdate()
    return sql.run(APP, "present_owner", {"ids": list(client_ids), "today": day})


def _give(actor: Any, client_ids: Sequence[int], owners: Sequence[Owner], terms: Terms, today: date) -> int:
    """The clients in reach, in the order given, each to the next owner; locked meanwhile."""
    wanted = in_reach(actor).filter(pk__in=client_ids).select_for_update(of=("self",))
    known = set(wanted.order_by("pk").values_list("pk", flat=True))
    ids = [client_id for client_id in client_ids if client_id in known]
    if not ids:
        return 0
    history.because(actor=actor, deed="client.handed_over", reason=terms.reason)
    dealt = [owners[number % len(owners)] for number in range(len(ids))]
    same_day = Q(client_id__in=ids, from_date=terms.from_date, cancelled_at=None)
    Handover.objects.filter(same_day).update(cancelled_at=timezone.now(), cancelled_by=actor.actor_name)
    params = {
        **vars(terms),
        "ids": ids,
        "branch_ids": [owner.branch.pk for owner in dealt],
        "manager_nos": [owner.manager_no for owner in dealt],
        "made_by": actor.actor_name,
        "made_at": timezone.now(),
    }
    made = sql.run(APP, "handover_insert", params)
    sql.run(APP, "handover_mark", {"ids": ids, "from_date": terms.from_date})
    if terms.from_date <= today:
        Handover.objects.filter(same_day).update(applied=True)
        settle_owners(ids, today)
    return made


def _cancel(actor: Any, handovers: Any, today: date) -> int:
    """Takes back what may be: what began this month or lies ahead, of clients in the actor's reach."""
    open_ones = handovers.filter(cancelled_at=None, from_date__gte=month_of(today))
    rows = list(open_ones.filter(client__in=in_reach(actor)).select_for_update(of=("self",)))
    if not rows:
        return 0
    history.because(actor=actor, deed="client.handover_cancelled")
    cancelled: dict[str, Any] = {"cancelled_at": timezone.now(), "cancelled_by": actor.actor_name}
    Handover.objects.filter(pk__in=[row.pk for row in rows]).update(**cancelled)
    RecordMark.objects.bulk_create(
        RecordMark(client_id=row.client_id, month=month_of(row.from_date), told_on=row.from_date)
        for row in rows
    )
    _give_prospects_back([row for row in rows if row.applied])
    settle_owners([row.client_id for row in rows], today)
    return len(rows)


def _give_prospects_back(handovers: list[Handover]) -> None:
    """No feed tells who had a prospect: the hand-over itself remembers."""
    ids = [row.client_id for row in handovers]
    prospects = Client.objects.filter(pk__in=ids, status=Client.Status.PROSPECT).in_bulk()
    for row in handovers:
        client = prospects.get(row.client_id)
        if client and (client.branch_id, client.manager_no) == (row.branch_id, row.manager_no):
            owner = {"branch_id": row.old_branch_id, "manager_no": row.old_manager_no}
            Client.objects.filter(pk=client.pk).update(**owner, version=client.version + 1)


@transaction.atomic
def _apply_some(today: date) -> int:
    due = Handover.objects.filter(applied=False, cancelled_at=None, from_date__lte=today).order_by("pk")
    rows = list(due.select_for_update(skip_locked=True)[:AT_ONCE])
    if rows:
        history.because(actor=audit.SYSTEM, deed="client.handed_over")
    Handover.objects.filter(pk__in=[row.pk for row in rows]).update(applied=True)
    settle_owners([row.client_id for row in rows], today)
    return len(rows)


def _note(actor: audit.Actor, deed: str, client: Client, handover: Handover) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="client", subject_id=client.client_no,
        unit_code=handover.branch.code, client_id=client.pk, detail=_told(handover),
    )  # fmt: skip


def _told(handover: Handover) -> dict[str, Any]:
    return {
        "from_date": handover.from_date,
        "branch": handover.branch.code,
        "manager": handover.manager_no,
        "old_branch": handover.old_branch.code,
        "old_manager": handover.old_manager_no,
        "reason": handover.reason,
    }


__all__ = [
    "RIGHT", "Owner", "Terms", "apply_due", "cancel_handover", "cancel_many", "check_terms", "hand_over",
    "hand_over_many", "settle_owners",
]  # fmt: skip
