"""Deeds on lines to the outside: set one up, change it, give it new secrets, retire it."""

import json
import secrets as randomness
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, crypto
from core.errors import Conflict
from interactions.actions.line_settings import PASSWORDS, checked
from interactions.channels.known import WAYS
from interactions.models import Line
from staff.models import Unit

SIGNING = "signing"
SHORTEST = 16  # characters of a secret the house makes
RECEIVER = "receiver"
GIVEN = (RECEIVER, *PASSWORDS)  # secrets that the other side gave, which are as they are
MOST_BYTES = 256 * 1024  # of one call from the outside


@transaction.atomic
def open_line(
    *, actor: audit.Actor, code: str, adapter: str, name: str, unit: Unit, secrets: Mapping[str, str]
) -> Line:
    """A new way in; raises ValidationError by field. Secrets are kept sealed and never shown again."""
    if adapter not in WAYS:
        raise ValidationError({"adapter": _("Choose one of: %(choices)s.") % {"choices": ", ".join(WAYS)}})
    if Line.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a line of this name already.")})
    line = Line(code=code, adapter=adapter, name=name.strip(), unit=unit)
    line.secrets = sealed(line, secrets)
    line.full_clean(exclude=["secrets", "settings"])
    line.save()
    _note(actor, "line.opened", line)
    return line


@transaction.atomic
def change_settings(
    *,
    actor: audit.Actor,
    line: Line,
    version: int,
    name: str,
    unit: Unit,
    settings: Mapping[str, object],
    passwords: Mapping[str, str] | None = None,
) -> Line:
    """Another name, queue or other settings; a password left empty stays as it is.

    Settings that the adapter does not know stay too. Raises Conflict when somebody changed the line since
    this version, and ValidationError by field.
    """
    held = _current(line, version)
    held.name, held.unit = name.strip(), unit
    held.settings = {**held.settings, **checked(held.adapter, settings)}
    fresh = {key: value for key, value in (passwords or {}).items() if value and key in PASSWORDS}
    if fresh:
        held.secrets = sealed(held, {**secrets_of(held), **fresh})
    held.version += 1
    held.full_clean(exclude=["secrets", "settings"])
    held.save()
    _note(actor, "line.changed", held, unit=unit.code, settings=held.settings, passwords=sorted(fresh))
    return held


@transaction.atomic
def renew_secrets(
    *, actor: audit.Actor, line: Line, secrets: Mapping[str, str], version: int | None = None
) -> Line:
    """Other secrets from now on; what is signed with the old ones is refused. Those not named stay.

    Raises Conflict when a version is given and somebody changed the line since.
    """
    held = _current(line, version)
    held.secrets = sealed(held, {**secrets_of(held), **secrets})
    held.version += 1
    held.save(update_fields=["secrets", "version"])
    _note(actor, "line.secrets_renewed", held)
    return held


@transaction.atomic
def switch_line(*, actor: audit.Actor, line: Line, active: bool, version: int | None = None) -> Line:
    """A line that is switched off answers as if it did not exist; what came in by it stays.

    Raises Conflict when a version is given and somebody changed the line since.
    """
    held = _current(line, version)
    held.active = active
    held.version += 1
    held.save(update_fields=["active", "version"])
    _note(actor, "line.switched_on" if active else "line.switched_off", held)
    return held


def sealed(line: Line, secrets: Mapping[str, str]) -> bytes:
    """The secrets bound to their line. Raises ValidationError for short ones."""
    if any(len(value) < SHORTEST for name, value in secrets.items() if name not in GIVEN):
        raise ValidationError(
            {"secrets": _("A secret has at least %(least)s characters.") % {"least": SHORTEST}}
        )
    return crypto.seal_bytes(json.dumps(dict(secrets)).encode(), line.context)


def secrets_of(line: Line) -> dict[str, str]:
    """The secrets in clear, for proving and sending."""
    return json.loads(crypto.unseal_bytes(line.secrets, line.context)) if line.secrets else {}


def random_secrets(adapter: str) -> dict[str, str]:
    """Good secrets for a new line of this adapter."""
    fresh = renewed_secrets(adapter)
    return fresh | ({RECEIVER: f"ww{randomness.token_hex(8)}"} if is_platform(adapter) else {})


def renewed_secrets(adapter: str) -> dict[str, str]:
    """Good secrets in place of those the house made; what the other side gave is not among them."""
    if is_platform(adapter):
        key = randomness.token_urlsafe(48).replace("-", "x").replace("_", "y")[:42] + "A"
        return {"token": randomness.token_hex(16), "aes_key": key}
    return {SIGNING: randomness.token_urlsafe(32)}


def is_platform(adapter: str) -> bool:
    """Whether events come by the callback of a platform, which calls the house by a receiver's id."""
    return adapter in (Line.Adapter.WECOM, Line.Adapter.WECHAT)


@transaction.atomic
def seed_lines(
    *, actor: audit.Actor, unit: Unit, secrets: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Line]:
    """One line for each adapter that there is none of yet, named like it; with these or random secrets."""
    given = secrets or {}
    for adapter in WAYS:
        if not Line.objects.filter(code=adapter).exists():
            chosen = given.get(adapter) or random_secrets(adapter)
            name = str(Line.Adapter(adapter).label)
            open_line(actor=actor, code=adapter, adapter=adapter, name=name, unit=unit, secrets=chosen)
    return {line.code: line for line in Line.objects.filter(code__in=WAYS)}


def _current(line: Line, version: int | None) -> Line:
    """The line as it stands, nobody else's until the transaction ends. Raises Conflict."""
    held = Line.objects.select_for_update(of=("self",)).select_related("unit").get(pk=line.pk)
    if version is not None and held.version != version:
        raise Conflict(_("Somebody changed this line in the meantime. Look at it again."))
    return held


def _note(actor: audit.Actor, deed: str, line: Line, **detail: object) -> None:
    """Secrets and passwords are never in the detail."""
    told = {"adapter": line.adapter, **detail}
    audit.record(actor=actor, deed=deed, subject_type="line", subject_id=line.code, detail=told)
