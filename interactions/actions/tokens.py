"""The access tokens of lines that speak to a platform: one a line, sealed, for all workers."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from core import crypto
from interactions.channels.outgoing import Shelf
from interactions.models import Line, LineToken

EARLY = 120  # seconds before its end a token is renewed


def shelf_of(line: Line) -> Shelf:
    """Where the carriers of a line find and leave its token."""
    return Shelf(known=partial(_known, line), keep=partial(_keep, line))


def _known(line: Line) -> str:
    held = LineToken.objects.filter(line=line, expires_at__gt=timezone.now()).first()
    return crypto.unseal(held.token, held.context) if held else ""


def _keep(line: Line, token: str, seconds: int) -> None:
    kept = LineToken(line=line)
    told = {
        "token": crypto.seal(token, kept.context),
        "expires_at": timezone.now() + timedelta(seconds=max(seconds - EARLY, 0)),
    }
    LineToken.objects.update_or_create(line=line, defaults=told)
