"""Passkeys (WebAuthn level 2) for one site: what the browser is asked, and whether its answer holds.

The state between asking and answer stays in the session and is good for one answer.
"""

import json
from collections.abc import Iterable
from ipaddress import ip_address

from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import crypto
from staff.models import Passkey, Person

STATE = "passkey_asked"
VERIFIED = UserVerificationRequirement.PREFERRED
# whatever a stranger's answer may break: base64, JSON, CBOR, missing members, wrong types
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError)


class NotProven(Exception):
    """The browser's answer does not hold."""


def possible(request: HttpRequest) -> bool:
    """Browsers keep passkeys for names, not for numbers such as 127.0.0.1."""
    try:
        ip_address(_host(request).strip("[]"))
    except ValueError:
        return True
    return False


def ask_for_new(request: HttpRequest, person: Person, known: Iterable[Passkey]) -> str:
    """What the browser needs to make a passkey, as JSON."""
    user = PublicKeyCredentialUserEntity(
        id=crypto.blind_index(str(person.pk), "passkey-user") or b"",
        name=person.username,
        display_name=person.name,
    )
    options, state = _server(request).register_begin(
        user, _credentials(known), ResidentKeyRequirement.PREFERRED, VERIFIED
    )
    request.session[STATE] = state
    return json.dumps(dict(options)["publicKey"])


def made(request: HttpRequest, answer: str) -> tuple[AttestedCredentialData, int]:
    """The new credential and its counter."""
    state = request.session.pop(STATE, None)
    try:
        found = _server(request).register_complete(state, json.loads(answer))
    except BROKEN as error:
        raise NotProven(str(error)) from error
    assert found.credential_data is not None  # register_complete has looked
    return found.credential_data, found.counter


def ask_for_known(request: HttpRequest, known: Iterable[Passkey]) -> str:
    """What the browser needs to use one of these passkeys, as JSON."""
    options, state = _server(request).authenticate_begin(_credentials(known), VERIFIED)
    request.session[STATE] = state
    return json.dumps(dict(options)["publicKey"])


def proven(request: HttpRequest, answer: str, known: Iterable[Passkey]) -> tuple[Passkey, int]:
    """Which of these passkeys answered, and its counter."""
    state, rows = request.session.pop(STATE, None), list(known)
    try:
        told = AuthenticationResponse.from_dict(json.loads(answer))
        found = _server(request).authenticate_complete(state, _credentials(rows), told)
    except BROKEN as error:
        raise NotProven(str(error)) from error
    passkey = next(row for row in rows if row.credential_id == websafe_encode(found.credential_id))
    return passkey, told.response.authenticator_data.counter


def _server(request: HttpRequest) -> Fido2Server:
    """Checks that the answer was given on this very origin."""
    here = f"{request.scheme}://{request.get_host()}"
    site = PublicKeyCredentialRpEntity(id=_host(request), name=str(_("Client service")))
    return Fido2Server(site, verify_origin=lambda origin: origin == here)


def _host(request: HttpRequest) -> str:
    """The name in the address bar, without the port."""
    name, _colon, port = request.get_host().rpartition(":")
    return name if name and port.isdigit() else request.get_host()


def _credentials(rows: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(row.credential)) for row in rows]
