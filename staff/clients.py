"""API clients: other systems with scopes and units."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from core import audit
from core.audit import Actor
from core.registry import api_scopes
from staff.models import ApiClient, Unit


@dataclass(frozen=True)
class Credentials:
    """What the other system signs in with; the secret is stored only as a hash and shown this once."""

    client: ApiClient
    secret: str


@transaction.atomic
def create_api_client(
    *, actor: Actor, name: str, scopes: Sequence[str], unit_codes: Sequence[str]
) -> Credentials:
    """A client of these scopes at these units; raises ValidationError for unknown ones."""
    units = list(Unit.objects.filter(code__in=unit_codes))
    _check(scopes, set(unit_codes) - {unit.code for unit in units})
    secret = generate_client_secret()
    client = ApiClient(
        name=name,
        scopes=sorted(set(scopes)),
        client_secret=secret,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
    )
    client.full_clean(exclude=["client_secret"])
    client.save(force_insert=True)
    client.units.set(units)
    _record(actor, "api_client.created", client, {"scopes": client.scopes, "units": sorted(unit_codes)})
    return Credentials(client, secret)


@transaction.atomic
def remove_api_client(*, actor: Actor, client: ApiClient) -> None:
    """Takes the client away; its tokens end at once."""
    _record(actor, "api_client.removed", client, {"name": client.name})
    get_access_token_model().objects.filter(application=client).delete()
    client.delete()


def _check(scopes: Sequence[str], unknown_units: set[str]) -> None:
    unknown = sorted(set(scopes) - set(api_scopes()))
    if unknown or not scopes:
        known = ", ".join(sorted(api_scopes()))
        raise ValidationError({"scopes": f"Unknown: {', '.join(unknown) or 'none given'}. Known: {known}."})
    if unknown_units:
        raise ValidationError({"units": f"Unknown units: {', '.join(sorted(unknown_units))}."})


def _record(actor: Actor, deed: str, client: ApiClient, detail: dict[str, object]) -> None:
    audit.record(actor=actor, deed=deed, subject_type="api_client", subject_id=client.pk, detail=detail)
