"""Deeds on prospects: entering one, the next step and stage, what they came by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.actions.editing import renew_readings, stored
from clients.models import FIRST_DAY, Client, Prospect, Relation, StageChange
from core.errors import Conflict
from staff.models import Unit

NEXT_NUMBER = "SELECT nextval('clients_prospect_no')"
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
    imported_by: int | None = None,
) -> Prospect:
    """A new prospect of a branch and manager; values are fields of the client record (RECORD_FIELDS).

    Raises ValidationError for an ID that cannot be one, Conflict for a branch out of the actor's reach.
    """
    _check_place(actor, branch, manager_no)
    client = _record(branch, manager_no, values)
    day = entered_on or timezone.localdate()
    prospect = Prospect.objects.create(
        client=client,
        source=origin.source,
        source_detail=origin.detail,
        stage_since=timezone.now(),
        next_step_on=next_step_on,
        entered_on=day,
        entered_by=actor.actor_name,
        imported_by=imported_by,
    )
    _step(actor, prospect, "", "")
    if origin.referred_by is not None:
        _refer(actor, client, origin.referred_by, day)
    detail = {"source": origin.source, "manager": manager_no}
    _note(actor, "prospect.entered", prospect, **detail)
    return prospect


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


def _record(branch: Unit, manager_no: str, values: Mapping[str, Any]) -> Client:
    unknown = set(values) - set(RECORD_FIELDS)
    if unknown:
        raise ValidationError({name: _("This field is not kept of prospects.") for name in sorted(unknown)})
    client = Client(
        client_no=_number(), branch=branch, manager_no=manager_no, status=Client.Status.PROSPECT,
        kind=values["kind"], id_type=values.get("id_type") or _usual_id(values["kind"]), told_on=FIRST_DAY,
    )  # fmt: skip
    for name, value in stored(client, {**values, "id_type": client.id_type}).items():
        setattr(client, name, value)
    client.save(force_insert=True)
    renew_readings(client, {"name", "short_name"} & set(values))
    return client


def _usual_id(kind: str) -> str:
    is_person = kind == Client.Kind.INDIVIDUAL
    return Client.IdType.RESIDENT_ID if is_person else Client.IdType.USCC


def _number() -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER)
        return f"P{cursor.fetchone()[0]:08d}"


def _refer(actor: Any, client: Client, by: Client | None, day: date) -> None:
    """The relation "recommended by": one at a time, ended when another takes its place."""
    kept = Relation.objects.filter(client=client, kind=Relation.Kind.REFERRED_BY, to_date=None)
    kept.exclude(other=by).update(to_date=day, ended_by=actor.actor_name)
    if by is not None and not kept.filter(other=by).exists():
        Relation.objects.create(
            client=client, other=by, kind=Relation.Kind.REFERRED_BY, from_date=day, added_by=actor.actor_name
        )


def _step(actor: Any, prospect: Prospect, old: str, reason: str) -> None:
    StageChange.objects.create(
        prospect=prospect, old_stage=old, stage=prospect.stage, reason=reason, made_by=actor.actor_name,
        made_at=timezone.now(),
    )  # fmt: skip


def _note(actor: Any, deed: str, prospect: Prospect, **detail: Any) -> None:
    client = prospect.client
    trail.note(actor=actor, deed=deed, client=client, detail=detail)
