"""Deeds on lines to the outside: set one up, give it new secrets, retire it."""

import json
import secrets as randomness
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, crypto
from interactions.channels.known import WAYS
from interactions.models import Line
from staff.models import Unit

SIGNING = "signing"
SHORTEST = 16  # characters of a secret
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
def renew_secrets(*, actor: audit.Actor, line: Line, secrets: Mapping[str, str]) -> None:
    """Other secrets from now on; what is signed with the old ones is refused."""
    line.secrets = sealed(line, secrets)
    line.version += 1
    line.save(update_fields=["secrets", "version"])
    _note(actor, "line.secrets_renewed", line)


@transaction.atomic
def switch_line(*, actor: audit.Actor, line: Line, active: bool) -> None:
    """A line that is switched off answers as if it did not exist; what came in by it stays."""
    line.active = active
    line.version += 1
    line.save(update_fields=["active", "version"])
    _note(actor, "line.switched_on" if active else "line.switched_off", line)


def sealed(line: Line, secrets: Mapping[str, str]) -> bytes:
    """The secrets bound to their line. Raises ValidationError for short ones."""
    if any(len(value) < SHORTEST for name, value in secrets.items() if name != "receiver"):
        raise ValidationError(
            {"secrets": _("A secret has at least %(least)s characters.") % {"least": SHORTEST}}
        )
    return crypto.seal_bytes(json.dumps(dict(secrets)).encode(), line.context)


def secrets_of(line: Line) -> dict[str, str]:
    """The secrets in clear, for proving and sending."""
    return json.loads(crypto.unseal_bytes(line.secrets, line.context)) if line.secrets else {}


def random_secrets(adapter: str) -> dict[str, str]:
    """Good secrets for a line of this adapter."""
    if adapter in (Line.Adapter.WECOM, Line.Adapter.WECHAT):
        key = randomness.token_urlsafe(48).replace("-", "x").replace("_", "y")[:42] + "A"
        return {"token": randomness.token_hex(16), "aes_key": key, "receiver": f"ww{randomness.token_hex(8)}"}
    return {SIGNING: randomness.token_urlsafe(32)}


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


def _note(actor: audit.Actor, deed: str, line: Line) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="line", subject_id=line.code, detail={"adapter": line.adapter}
    )
