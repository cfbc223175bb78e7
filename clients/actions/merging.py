"""Joining records that are one client, and taking them apart again (docs/decisions/0031).

A join moves nothing: the merged record names its survivor, whose page then shows what either keeps. So what
the feeds and people bring for the merged number goes on to stand there, and is its own again after an undo.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.models import Client, Merge
from clients.queries.merging import HAND_KEPT
from core import audit, crypto, history
from core.errors import Conflict
from staff.models import Person

Values = dict[str, Any]


def join(
    *,
    actor: audit.Actor,
    survivor: Client,
    merged: Client,
    choices: Mapping[str, Any] | None,
    reason: str,
    automatic: bool = True,
) -> Merge:
    """Joins at once, without a second person: for the house's own matches, such as a prospect's account.

    choices: hand-kept field -> the survivor's value; what is not named, and all of it for None, stays the
    survivor's, or becomes the merged record's where the survivor has none. Raises Conflict when either
    record is joined already.
    """
    with transaction.atomic():
        survivor, merged = _locked(survivor, merged)
        merge = Merge.objects.create(
            survivor=survivor,
            merged=merged,
            choices=_changes(survivor, {**_filled(survivor, merged), **(choices or {})}),
            reason=reason,
            automatic=automatic,
            proposed_by=actor if isinstance(actor, Person) else None,
        )
        return _join(actor, merge, survivor, merged)


@transaction.atomic
def propose(
    *, actor: Person, survivor: Client, merged: Client, choices: Mapping[str, Any], reason: str
) -> Merge:
    """Leaves a proposal for another person. Raises Conflict where the two cannot be joined."""
    survivor, merged = _locked(survivor, merged)
    _check_fit(survivor, merged)
    waiting = Merge.objects.filter(
        state=Merge.State.PROPOSED, merged_id__in=[merged.pk, survivor.pk]
    ).exists()
    if waiting:
        raise Conflict(_("One of these records waits for another join already."), code="merge_waits")
    merge = Merge.objects.create(
        survivor=survivor,
        merged=merged,
        choices=_changes(survivor, {**_filled(survivor, merged), **choices}),
        reason=reason,
        proposed_by=actor,
    )
    _note(actor, "client.join_proposed", merge)
    return merge


@transaction.atomic
def approve(*, actor: Person, merge: Merge, note: str = "") -> Merge:
    """Joins what another person proposed. Raises Conflict for one's own, or when the state has moved on."""
    merge = _waiting(merge)
    if merge.proposed_by_id == actor.pk:
        raise Conflict(_("Somebody else must approve what you proposed."), code="own_proposal")
    survivor, merged = _locked(merge.survivor, merge.merged)
    changed = [name for name, step in merge.choices.items() if _plain(survivor)[name] != step["from"]]
    if changed:
        raise Conflict(
            _("The survivor was changed since the proposal; reject it and propose anew."), code="stale"
        )
    merge.decided_by, merge.decided_at, merge.decision_note = actor, timezone.now(), note
    return _join(actor, merge, survivor, merged)


@transaction.atomic
def reject(*, actor: Person, merge: Merge, note: str) -> Merge:
    """Ends a proposal; the proposer may withdraw an own one by this too."""
    merge = _waiting(merge)
    merge.state, merge.decision_note = Merge.State.REJECTED, note
    merge.decided_at = timezone.now()
    if merge.proposed_by_id != actor.pk:
        merge.decided_by = actor
    merge.save()
    _note(actor, "client.join_rejected", merge, note=note)
    return merge


def take_apart(*, actor: Person, merge: Merge, reason: str) -> Merge:
    """A person's undo of a join that people made; the house's own joins are undone where they came from."""
    if merge.automatic:
        raise Conflict(_("A prospect's conversion made this join; undo the conversion."), code="automatic")
    return undo(actor=actor, merge=merge, reason=reason)


@transaction.atomic
def undo(*, actor: audit.Actor, merge: Merge, reason: str) -> Merge:
    """Takes a join apart: both records stand as before it, with what came in for each since.

    A field of the survivor that was set by the join and edited since keeps the edit. Raises Conflict unless
    it is joined now.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.state != Merge.State.JOINED:
        raise Conflict(_("These records are not joined."), code="not_joined")
    survivor, merged = _both(merge.survivor_id, merge.merged_id)
    snapshot = json.loads(crypto.unseal(merge.snapshot, Merge.context_of(merged.client_no)))
    history.because(actor=actor, deed="client.join_undone", reason=reason, merge=merge.pk)
    back, kept = _to_give_back(survivor, merge.choices)
    _write(survivor, back)
    _write(merged, {"merged_into": None})
    carried = Client.objects.filter(pk__in=snapshot["carried"], merged_into=survivor)
    carried.update(merged_into=merged, updated_at=timezone.now())
    merge.state, merge.undone_at, merge.undo_reason = Merge.State.UNDONE, timezone.now(), reason
    merge.undone_by = actor if isinstance(actor, Person) else None
    merge.save()
    _note(actor, "client.join_undone", merge, reason=reason, edited_since=kept)
    return merge


def _join(actor: audit.Actor, merge: Merge, survivor: Client, merged: Client) -> Merge:
    carried = list(Client.objects.filter(merged_into=merged).values_list("pk", flat=True))
    before = {"survivor": _plain(survivor), "merged": _plain(merged), "carried": carried}
    history.because(actor=actor, deed="client.joined", reason=merge.reason, merge=merge.pk)
    _write(survivor, {name: step["to"] for name, step in merge.choices.items()})
    _write(merged, {"merged_into": survivor})
    Client.objects.filter(pk__in=carried).update(merged_into=survivor, updated_at=timezone.now())
    merge.snapshot = crypto.seal(json.dumps(before), Merge.context_of(merged.client_no))
    merge.state = Merge.State.JOINED
    merge.save()
    _note(actor, "client.joined", merge)
    return merge


def _waiting(merge: Merge) -> Merge:
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.state != Merge.State.PROPOSED:
        raise Conflict(_("This proposal was decided already."), code="decided")
    return merge


def _both(survivor_id: int, merged_id: int) -> tuple[Client, Client]:
    """The two rows as they are now, held until the deed is done; always in the same order."""
    held = Client.objects.select_for_update(no_key=True).order_by("pk")
    found = {client.pk: client for client in held.filter(pk__in=[survivor_id, merged_id])}
    return found[survivor_id], found[merged_id]


def _locked(survivor: Client, merged: Client) -> tuple[Client, Client]:
    """Two records of which neither is joined yet."""
    if survivor.pk == merged.pk:
        raise Conflict(_("A record cannot be joined with itself."), code="same_record")
    survivor, merged = _both(survivor.pk, merged.pk)
    if survivor.merged_into_id or merged.merged_into_id:
        raise Conflict(_("One of these records is joined with another already."), code="joined_already")
    return survivor, merged


def _check_fit(survivor: Client, merged: Client) -> None:
    if survivor.kind != merged.kind:
        raise Conflict(_("Records of different kinds cannot be one client."), code="other_kind")
    prospect = Client.Status.PROSPECT
    if survivor.status == prospect and merged.status != prospect:
        raise Conflict(_("The record with the account must be the survivor."), code="survivor_prospect")


def _plain(client: Client) -> Values:
    """The hand-kept fields as JSON gives them back."""
    values = {name: getattr(client, name) for name in HAND_KEPT}
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _filled(survivor: Client, merged: Client) -> Values:
    """What the survivor lacks and the merged record has."""
    theirs = _plain(merged)
    return {name: theirs[name] for name, own in _plain(survivor).items() if own in ("", None)}


def _changes(survivor: Client, wanted: Mapping[str, Any]) -> dict[str, Values]:
    """field -> from, to; of the hand-kept fields those that would change."""
    own, told = _plain(survivor), json.loads(json.dumps(dict(wanted), cls=DjangoJSONEncoder))
    return {
        name: {"from": own[name], "to": value}
        for name, value in told.items()
        if name in HAND_KEPT and own[name] != value
    }


def _to_give_back(survivor: Client, choices: dict[str, Values]) -> tuple[Values, list[str]]:
    """The survivor's former values, and the fields that were edited since the join and stay."""
    now = _plain(survivor)
    back = {name: step["from"] for name, step in choices.items() if now[name] == step["to"]}
    return back, sorted(set(choices) - set(back))


def _write(client: Client, values: Values) -> None:
    for name, value in values.items():
        setattr(client, name, value)
    client.version += 1
    client.save(update_fields=[*values, "version", "updated_at"])


def _note(actor: audit.Actor, deed: str, merge: Merge, **detail: Any) -> None:
    """On both records' trails, each in its own unit's chain."""
    survivor, merged = merge.survivor, merge.merged
    for client in sorted((survivor, merged), key=lambda client: client.branch.code):
        trail.note(
            actor=actor,
            deed=deed,
            client=client,
            detail={"merge": merge.pk, "survivor": survivor.client_no, "merged": merged.client_no, **detail},
        )
