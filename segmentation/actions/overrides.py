"""Deeds on a tier given by hand: propose, approve, decline, withdraw; two persons, at most twelve months."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Client
from core import audit
from core.errors import Conflict, Stale
from segmentation.dates import add_months, month_of
from segmentation.models import TierOverride
from segmentation.queries.overrides import is_held, tiers_to_give
from staff.actions.notices import notify
from staff.models import Person
from trading.models import StaleMark

LONGEST_REASON, LONGEST_ANSWER, MOST_MONTHS = 500, 300, 12
NOTICE = "tier_override"
State = TierOverride.State
APPROVED = gettext_noop("%(person)s approved tier %(tier)s for client %(client)s.")
DECLINED = gettext_noop("%(person)s declined tier %(tier)s for client %(client)s.")
WITHDRAWN = gettext_noop("%(person)s withdrew tier %(tier)s of client %(client)s.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The tier that somebody wants for a client, why, and on which days; both ends count."""

    tier: str
    reason: str
    from_on: date
    until_on: date


@transaction.atomic
def propose(*, actor: Person, client: Client, wish: Wish) -> TierOverride:
    """It waits for a second person. Raises ValidationError by field, Conflict when one waits already."""
    _demand(actor, "tiers.override", client)
    _check(client, wish)
    try:
        with transaction.atomic():
            made = TierOverride.objects.create(
                client=client, tier=wish.tier, reason=wish.reason.strip(), from_on=wish.from_on,
                until_on=wish.until_on, proposed_by=actor, proposed_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        words = _("A tier for this client waits for approval already.")
        raise Conflict(words, code="waits_already") from error
    _note(actor, "tier_override.proposed", made)
    return made


@transaction.atomic
def approve(*, actor: Person, override: TierOverride, version: int) -> TierOverride:
    """It holds from its first day on, or from today when that day is over: nights that are over stay.

    Raises Conflict for whoever proposed it (the database holds it), when its time is over, and when another
    one holds on some of its days.
    """
    _demand(actor, "tiers.approve", override.client)
    held, today = _held(override, version, State.PROPOSED), timezone.localdate()
    if held.proposed_by_id == actor.pk:
        raise Conflict(_("Whoever proposed it cannot approve it; a second person has to."), code="four_eyes")
    if held.until_on < today:
        raise Conflict(_("Its last day is over; propose it anew."), code="over")
    held.from_on = max(held.from_on, today)
    held.in_force = DateRange(held.from_on, held.until_on + timedelta(days=1))
    held.state, held.approved_by, held.decided_at = State.APPROVED, actor, timezone.now()
    _keep(held)
    _mark(held, held.from_on)
    _note(actor, "tier_override.approved", held)
    _tell(held, APPROVED, actor)
    return held


@transaction.atomic
def decline(*, actor: Person, override: TierOverride, version: int, why: str) -> TierOverride:
    """It does not come to be; `why` tells the proposer."""
    _demand(actor, "tiers.approve", override.client)
    held = _held(override, version, State.PROPOSED)
    _close(held, actor, State.DECLINED, why)
    _note(actor, "tier_override.declined", held)
    _tell(held, DECLINED, actor)
    return held


@transaction.atomic
def withdraw(*, actor: Person, override: TierOverride, version: int, why: str) -> TierOverride:
    """Takes back what waits, or ends what holds: from today on the rules decide again.

    Either right will do: one pair of eyes is enough to go back to the rules.
    """
    right = "tiers.override" if actor.may("tiers.override") else "tiers.approve"
    _demand(actor, right, override.client)
    held, today = _held(override, version, State.PROPOSED, State.APPROVED), timezone.localdate()
    if held.in_force is not None:
        if held.until_on < today:
            raise Conflict(_("Its last day is over already."), code="over")
        held.in_force = DateRange(held.from_on, max(held.from_on, today))
        _mark(held, max(held.from_on, today))
    _close(held, actor, State.WITHDRAWN, why)
    _note(actor, "tier_override.withdrawn", held)
    if held.proposed_by_id != actor.pk:
        _tell(held, WITHDRAWN, actor)
    return held


def _demand(actor: Person, right: str, client: Client) -> None:
    """The right has to be held where the client is on record."""
    reach = actor.scope_for(right) if actor.may(right) else None
    rows: Any = Client.objects
    if reach is None or not rows.in_scope(reach).filter(pk=client.pk).exists():
        raise PermissionDenied


def _check(client: Client, wish: Wish) -> None:
    faults: dict[str, str] = {}
    if wish.tier not in tiers_to_give():
        faults["tier"] = _("Choose a tier of the ladder.")
    if not 1 <= len(wish.reason.strip()) <= LONGEST_REASON:
        faults["reason"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST_REASON}
    if wish.from_on < timezone.localdate():
        faults["from_on"] = _("Today or a later day: nights that are over stay as they are.")
    if wish.until_on < wish.from_on:
        faults["until_on"] = _("Not before the first day.")
    elif wish.until_on >= add_months(wish.from_on, MOST_MONTHS):
        faults["until_on"] = _("At most twelve months from the first day on.")
    if faults:
        raise ValidationError(faults)
    if not is_held(client):
        raise Conflict(_("Only a client held on the last night has a tier to be set."), code="not_held")


def _held(override: TierOverride, version: int, *states: str) -> TierOverride:
    """The override, locked, its version counted on. Raises Stale or Conflict when it is another by now."""
    rows = TierOverride.objects.select_for_update(of=("self",)).select_related("client__branch")
    held = rows.get(pk=override.pk)
    if held.version != version:
        raise Stale(_("Somebody decided on it in the meantime. Look at it again."))
    if held.state not in states:
        raise Conflict(_("This has been decided already."), code="decided")
    held.version += 1
    return held


def _close(held: TierOverride, actor: Person, state: str, why: str) -> None:
    words = why.strip()
    if not 1 <= len(words) <= LONGEST_ANSWER:
        raise ValidationError({"why": _("Write 1 to %(most)s characters.") % {"most": LONGEST_ANSWER}})
    held.state, held.closed_by, held.closed_at, held.closed_for = state, actor, timezone.now(), words
    _keep(held)


def _keep(held: TierOverride) -> None:
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as error:
        words = _("Another override holds on some of these days; withdraw that one first.")
        raise Conflict(words, code="overlaps") from error


def _mark(held: TierOverride, day: date) -> None:
    """The client's closes from this day on are made anew, should a run have been there already."""
    StaleMark.objects.create(client_id=held.client_id, month=month_of(day), told_on=day)


def _tell(held: TierOverride, text: str, actor: Person) -> None:
    notify(
        people=[held.proposed_by_id], kind=NOTICE, text=text,
        params={"person": actor.name, "tier": held.tier, "client": held.client.client_no},
        url=reverse("segmentation:override", args=[held.pk]),
    )  # fmt: skip


def _note(actor: Person, deed: str, held: TierOverride) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="tier_override", subject_id=held.pk, client_id=held.client_id,
        unit_code=held.client.branch.code,
        detail={"tier": held.tier, "reason": held.reason, "from": held.from_on.isoformat(),
                "until": held.until_on.isoformat(), "why": held.closed_for},
    )  # fmt: skip
