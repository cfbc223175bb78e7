"""Prospects and the accounts that arrive by feed: found together, joined, confirmed, taken apart again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions import merging, trail
from clients.models import Client, Merge, Prospect, ProspectMatch, StageChange
from core import audit, sql
from core.errors import Conflict

LEAD_DAYS = 30  # an account may be opened this long before somebody enters the prospect
MATCHED = audit.SystemActor("prospect matching")


def match_prospects() -> int:
    """Joins every open prospect with its account where there is no doubt; lists the others to confirm.

    One statement finds all pairs by the indexes of ID and mobile; each pair is a transaction of its own, so
    that it may run twice and be killed anywhere. Returns how many were converted.
    """
    if not Prospect.objects.filter(stage__in=_open_stages()).exists():
        return 0
    found = sql.rows("clients", "prospect_match", {"lead_days": LEAD_DAYS})
    return sum(_settle(pair) for pair in found)


@transaction.atomic
def confirm_match(*, actor: Any, match: ProspectMatch) -> Prospect:
    """A person says that the account is the prospect's. Raises Conflict when it was decided meanwhile."""
    match = _open(match)
    prospect = _locked(match.prospect_id)
    if prospect is None:
        raise Conflict(_("This prospect is no longer open."), code="prospect_settled")
    _decide(actor, match, ProspectMatch.State.CONFIRMED)
    others = ProspectMatch.objects.filter(prospect=prospect, state=ProspectMatch.State.OPEN)
    for other in others:
        _decide(actor, other, ProspectMatch.State.REJECTED)
    return _convert(actor, prospect, match.client, Prospect.MatchedBy.PERSON)


@transaction.atomic
def reject_match(*, actor: Any, match: ProspectMatch) -> ProspectMatch:
    """A person says that the account is somebody else's; it is not offered again."""
    match = _open(match)
    _decide(actor, match, ProspectMatch.State.REJECTED)
    _note(actor, "prospect.match_rejected", match.prospect, account=match.client.client_no)
    return match


@transaction.atomic
def undo_conversion(*, actor: Any, prospect: Prospect, reason: str) -> Prospect:
    """Takes prospect and account apart; that pair is not found again. Raises Conflict when not converted."""
    prospect = (
        Prospect.objects.select_for_update(of=("self",)).select_related("client__branch").get(pk=prospect.pk)
    )
    account, merge = prospect.converted_to, prospect.merge
    if account is None or merge is None:
        raise Conflict(_("This prospect is not converted."), code="not_converted")
    if merge.state == Merge.State.JOINED:
        merging.undo(actor=actor, merge=merge, reason=reason)
    now = timezone.now()
    ProspectMatch.objects.update_or_create(
        prospect=prospect,
        client=account,
        defaults={"state": ProspectMatch.State.REJECTED, "decided_by": actor.actor_name, "decided_at": now},
        create_defaults={
            "found_by": prospect.matched_by, "found_at": now, "state": ProspectMatch.State.REJECTED,
            "decided_by": actor.actor_name, "decided_at": now,
        },
    )  # fmt: skip
    _to_stage(actor, prospect, Prospect.Stage.OPENING, reason, None, "", None)
    _note(actor, "prospect.conversion_undone", prospect, account=account.client_no, reason=reason)
    return prospect


def _open_stages() -> list[str]:
    closed = (Prospect.Stage.CONVERTED, Prospect.Stage.LOST)
    return [stage for stage in Prospect.Stage.values if stage not in closed]


@transaction.atomic
def _settle(pair: dict[str, Any]) -> bool:
    prospect = _locked(pair["prospect_id"])
    if prospect is None:
        return False
    account = Client.objects.get(pk=pair["client_id"])
    if pair["is_doubtful"]:
        ProspectMatch.objects.get_or_create(
            prospect=prospect,
            client=account,
            defaults={"found_by": pair["found_by"], "found_at": timezone.now()},
        )
        return False
    try:
        with transaction.atomic():
            _convert(MATCHED, prospect, account, pair["found_by"])
    except Conflict:  # one of the two was joined with another record meanwhile
        return False
    return True


def _locked(prospect_id: int) -> Prospect | None:
    """The prospect, held, while somebody still works on it."""
    held = Prospect.objects.select_for_update(of=("self",)).select_related("client__branch")
    prospect = held.get(pk=prospect_id)
    return prospect if prospect.is_open else None


def _convert(actor: Any, prospect: Prospect, account: Client, matched_by: str) -> Prospect:
    reason = _("The account of the prospect arrived.")
    merge = merging.join(actor=actor, survivor=account, merged=prospect.client, choices=None, reason=reason)
    _to_stage(actor, prospect, Prospect.Stage.CONVERTED, "", account, matched_by, merge)
    ProspectMatch.objects.filter(prospect=prospect, state=ProspectMatch.State.OPEN).delete()
    _note(actor, "prospect.converted", prospect, account=account.client_no, matched_by=matched_by)
    return prospect


def _to_stage(
    actor: Any,
    prospect: Prospect,
    stage: str,
    reason: str,
    account: Client | None,
    matched_by: str,
    merge: Merge | None,
) -> None:
    now, old = timezone.now(), prospect.stage
    prospect.stage, prospect.stage_since = stage, now
    prospect.converted_to, prospect.merge, prospect.matched_by = account, merge, matched_by
    prospect.converted_at = now if account else None
    prospect.save()
    StageChange.objects.create(
        prospect=prospect, old_stage=old, stage=stage, reason=reason, made_by=actor.actor_name, made_at=now
    )


def _open(match: ProspectMatch) -> ProspectMatch:
    held = ProspectMatch.objects.select_for_update(of=("self",)).select_related("prospect__client", "client")
    match = held.get(pk=match.pk)
    if match.state != ProspectMatch.State.OPEN:
        raise Conflict(_("Somebody decided this already."), code="decided")
    return match


def _decide(actor: Any, match: ProspectMatch, state: str) -> None:
    match.state, match.decided_by, match.decided_at = state, actor.actor_name, timezone.now()
    match.save(update_fields=["state", "decided_by", "decided_at"])


def _note(actor: Any, deed: str, prospect: Prospect, **detail: Any) -> None:
    client = prospect.client
    trail.note(actor=actor, deed=deed, client=client, detail=detail)
