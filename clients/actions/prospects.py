"""Deeds on prospects: entering one, the next step and stage, what they came by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.actions.editing import readings, stored
from clients.models import FIRST_DAY, Client, Prospect, Reading, Relation, StageChange
from core import audit, sql
from core.errors import Conflict
from staff.models import Unit

RECORD_FIELDS = (
    "name", "kind", "id_type", "id_number", "id_expires_on", "birth_date", "sex", "mobile", "email",
    "address", "short_name", "occupation", "remark", "declared_outside_assets",
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a prospect comes from; referred_by: the client who recommended."""

    source: str
    detail: str = ""
    referred_by: Client | None = None


@dataclass(frozen=True)
class Newcomer:
    """A prospect to be entered; values are fields of the client record (RECORD_FIELDS)."""

    branch: Unit
    manager_no: str
    values: Mapping[str, Any]
    origin: Origin
    entered_on: date | None = None  # today
    next_step_on: date | None = None


@transaction.atomic
def enter_prospect(
    *,
    actor: Any,
    branch: Unit,
    manager_no: str,
    values: Mapping[str, Any],
    origin: Origin,
    entered_on: date | None = None,
    next_step_on: date | None = None,
) -> Prospect:
    """A new prospect of a branch and manager; raises as enter_prospects."""
    newcomer = Newcomer(branch, manager_no, values, origin, entered_on, next_step_on)
    return enter_prospects(actor=actor, newcomers=[newcomer])[0]


@transaction.atomic
def enter_prospects(
    *, actor: Any, newcomers: Sequence[Newcomer], imported_by: int | None = None
) -> list[Prospect]:
    """New prospects, in the order given, by a fixed number of statements however many they are.

    Raises ValidationError for an ID that cannot be one, Conflict for a branch out of the actor's reach.
    """
    for newcomer in newcomers:
        _check_place(actor, newcomer.branch, newcomer.manager_no)
    numbers = _numbers(len(newcomers))
    records = [_record(number, newcomer) for number, newcomer in zip(numbers, newcomers, strict=True)]
    Client.objects.bulk_create(records)
    for part in (Reading.Of.NAME, Reading.Of.SHORT_NAME):
        Reading.objects.bulk_create(readings(records, part))
    pairs = list(zip(records, newcomers, strict=True))
    prospects = Prospect.objects.bulk_create(
        [_prospect(actor, client, newcomer, imported_by) for client, newcomer in pairs]
    )
    StageChange.objects.bulk_create([_first_step(actor, prospect) for prospect in prospects])
    Relation.objects.bulk_create(
        [_referral(actor, client, new.origin.referred_by, _day(new)) for client, new in pairs
         if new.origin.referred_by is not None]
    )  # fmt: skip
    audit.record_many(
        actor=actor, deed="prospect.entered", subjects=[_entered(client, new) for client, new in pairs]
    )
    return prospects


def _prospect(actor: Any, client: Client, newcomer: Newcomer, imported_by: int | None) -> Prospect:
    return Prospect(
        client=client,
        source=newcomer.origin.source,
        source_detail=newcomer.origin.detail,
        stage_since=timezone.now(),
        next_step_on=newcomer.next_step_on,
        entered_on=_day(newcomer),
        entered_by=actor.actor_name,
        imported_by=imported_by,
    )


def _day(newcomer: Newcomer) -> date:
    return newcomer.entered_on or timezone.localdate()


def _entered(client: Client, newcomer: Newcomer) -> audit.Subject:
    detail = {"source": newcomer.origin.source, "manager": newcomer.manager_no}
    return trail.subject(client, detail)


@transaction.atomic
def move_prospect(*, actor: Any, prospect: Prospect, stage: str, reason: str = "") -> Prospect:
    """To another stage; lost needs a reason, converted comes by the account alone. Raises Conflict."""
    prospect = (
        Prospect.objects.select_for_update(of=("self",)).select_related("client__branch").get(pk=prospect.pk)
    )
    old = prospect.stage
    if Prospect.Stage.CONVERTED in (stage, old):
        raise Conflict(_("A prospect is converted when its account arrives."), code="converted")
    if stage == old:
        return prospect
    if stage == Prospect.Stage.LOST and not reason.strip():
        raise Conflict(_("Say why the prospect is lost."), code="reason_needed")
    prospect.stage, prospect.stage_since = stage, timezone.now()
    prospect.lost_reason = reason if stage == Prospect.Stage.LOST else ""
    prospect.save(update_fields=["stage", "stage_since", "lost_reason"])
    _step(actor, prospect, old, reason)
    _note(actor, "prospect.moved", prospect, old=old, stage=stage, reason=reason)
    return prospect


@transaction.atomic
def edit_prospect(*, actor: Any, prospect: Prospect, origin: Origin, next_step_on: date | None) -> Prospect:
    """Source, next step and who recommended; fields of the record itself are edited on its page."""
    prospect.source, prospect.source_detail = origin.source, origin.detail
    prospect.next_step_on = next_step_on
    prospect.save(update_fields=["source", "source_detail", "next_step_on"])
    _refer(actor, prospect.client, origin.referred_by, timezone.localdate())
    _note(actor, "prospect.edited", prospect, source=origin.source, next_step_on=next_step_on)
    return prospect


def _check_place(actor: Any, branch: Unit, manager_no: str) -> None:
    """Where the actor may enter prospects: branches in reach, or as the own ones of a manager."""
    scope = actor.scope_for("clients.prospects")
    if not (scope.firm or branch.pk in scope.branch_ids or manager_no in scope.manager_nos - {""}):
        raise Conflict(_("%(branch)s cannot take clients.") % {"branch": branch.name}, code="branch")


def _record(client_no: str, newcomer: Newcomer) -> Client:
    values = newcomer.values
    unknown = set(values) - set(RECORD_FIELDS)
    if unknown:
        raise ValidationError({name: _("This field is not kept of prospects.") for name in sorted(unknown)})
    client = Client(
        client_no=client_no, branch=newcomer.branch, manager_no=newcomer.manager_no,
        status=Client.Status.PROSPECT, kind=values["kind"],
        id_type=values.get("id_type") or _usual_id(values["kind"]), told_on=FIRST_DAY,
    )  # fmt: skip
    for name, value in stored(client, {**values, "id_type": client.id_type}).items():
        setattr(client, name, value)
    return client


def _usual_id(kind: str) -> str:
    is_person = kind == Client.Kind.INDIVIDUAL
    return Client.IdType.RESIDENT_ID if is_person else Client.IdType.USCC


def _numbers(count: int) -> list[str]:
    found = sql.rows("clients", "prospect_numbers", {"count": count})
    return [f"P{row['number']:08d}" for row in found]


def _refer(actor: Any, client: Client, by: Client | None, day: date) -> None:
    """The relation "recommended by": one at a time, ended when another takes its place."""
    kept = Relation.objects.filter(client=client, kind=Relation.Kind.REFERRED_BY, to_date=None)
    kept.exclude(other=by).update(to_date=day, ended_by=actor.actor_name)
    if by is not None and not kept.filter(other=by).exists():
        _referral(actor, client, by, day).save()


def _referral(actor: Any, client: Client, by: Client, day: date) -> Relation:
    kind = Relation.Kind.REFERRED_BY
    return Relation(client=client, other=by, kind=kind, from_date=day, added_by=actor.actor_name)


def _first_step(actor: Any, prospect: Prospect) -> StageChange:
    return StageChange(
        prospect=prospect, stage=prospect.stage, made_by=actor.actor_name, made_at=timezone.now()
    )


def _step(actor: Any, prospect: Prospect, old: str, reason: str) -> None:
    StageChange.objects.create(
        prospect=prospect, old_stage=old, stage=prospect.stage, reason=reason, made_by=actor.actor_name,
        made_at=timezone.now(),
    )  # fmt: skip


def _note(actor: Any, deed: str, prospect: Prospect, **detail: Any) -> None:
    client = prospect.client
    trail.note(actor=actor, deed=deed, client=client, detail=detail)
