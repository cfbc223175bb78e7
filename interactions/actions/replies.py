"""Deeds on canned replies: keep one, change it, give it up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import CannedReply, Channel
from interactions.queries.replies import VARIABLES, unknown_variables
from staff.models import Person, Unit

CODE = re.compile(r"[\w-]{1,30}")
LONGEST_TITLE, LONGEST_BODY = 80, 2000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What somebody keeps for use. code: what is typed after "/"; without channels it serves all of them."""

    code: str
    title: str
    body: str
    channels: Sequence[str] = ()


@transaction.atomic
def add_reply(*, actor: Person, reply: Reply, unit: Unit | None = None) -> CannedReply:
    """Keeps a reply for everybody of the unit and below, or for the actor alone. Raises ValidationError."""
    told = _checked(reply)
    kept = _kept(told, unit, None if unit else actor)
    _note(actor, "reply.added", kept)
    return kept


@transaction.atomic
def change_reply(*, actor: Person, reply: CannedReply, told: Reply) -> CannedReply:
    """Puts a new reply in the place of this one, which stays on record as retired.

    Raises Conflict when somebody changed or gave it up before, and ValidationError by field.
    """
    new = _checked(told)
    old = _retired(reply)
    kept = _kept(new, old.unit, old.owner)
    _note(actor, "reply.changed", kept, before=old.pk)
    return kept


@transaction.atomic
def retire_reply(*, actor: Person, reply: CannedReply) -> None:
    """The reply is offered no more. Raises Conflict when it is not in use any longer."""
    _note(actor, "reply.retired", _retired(reply))


def _kept(told: Reply, unit: Unit | None, owner: Person | None) -> CannedReply:
    if CannedReply.objects.filter(code=told.code, unit=unit, owner=owner, retired_at=None).exists():
        raise ValidationError({"code": _("There is a reply of this code already.")})
    return CannedReply.objects.create(
        code=told.code, title=told.title, body=told.body, channels=list(told.channels), unit=unit, owner=owner
    )


def _retired(reply: CannedReply) -> CannedReply:
    rows = CannedReply.objects.select_for_update(of=("self",)).select_related("unit", "owner")
    held = rows.get(pk=reply.pk)
    if held.retired_at is not None:
        raise Conflict(_("Somebody changed this reply in the meantime. Open it again."))
    held.retired_at = timezone.now()
    held.save(update_fields=["retired_at"])
    return held


def _checked(reply: Reply) -> Reply:
    """The reply as it is kept; raises ValidationError by field."""
    code, title, body = reply.code.strip().lower(), reply.title.strip(), reply.body.strip()
    faults: dict[str, str] = {}
    if not CODE.fullmatch(code):
        faults["code"] = _("1 to 30 letters, digits, dashes or underscores.")
    if not 0 < len(title) <= LONGEST_TITLE:
        faults["title"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST_TITLE}
    if not 0 < len(body) <= LONGEST_BODY:
        faults["body"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST_BODY}
    if unknown := unknown_variables(body):
        known = " ".join(f"{{{name}}}" for name in VARIABLES)
        words = _("There is no variable %(unknown)s; use %(known)s.")
        faults["body"] = words % {"unknown": " ".join(unknown), "known": known}
    if not set(reply.channels) <= set(Channel.values):
        faults["channels"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Channel.values)}
    if faults:
        raise ValidationError(faults)
    return Reply(code=code, title=title, body=body, channels=tuple(reply.channels))


def _note(actor: Person, deed: str, reply: CannedReply, **detail: object) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="canned_reply", subject_id=reply.pk,
        unit_code=reply.unit.code if reply.unit else "", detail={"code": reply.code, **detail},
    )  # fmt: skip
