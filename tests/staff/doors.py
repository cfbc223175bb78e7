"""Ways in for tests: sessions, an authenticator app, and a security key made of software."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from core import crypto
from staff import totp
from staff.models import AuthenticatorApp, Person
from staff.models.sign_in import app_context
from staff.sessions import SessionStore, kept_as

KEY = b"12345678901234567890"  # RFC 6238's own


def session_of(person: Person) -> str:
    """The row's key of a new session of the person."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return kept_as(str(store.session_key))


def give_app(person: Person) -> AuthenticatorApp:
    """An app that has not made a code yet."""
    secret = crypto.seal_bytes(KEY, app_context(person.pk))
    return AuthenticatorApp.objects.create(person=person, secret=secret, last_step=0)


def code_at(moment: float, *, steps: int = 0) -> str:
    return totp.code_of(KEY, totp.step_at(moment) + steps)


@dataclass
class SoftKey:
    """A security key as browsers see one: makes a credential for a site and signs challenges."""

    origin: str = "http://testserver"
    site: str = "testserver"
    count: int = 0
    verified: bool = True
    name: bytes = b"a-credential-id!"
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, asked: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.name, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(AuthenticatorData.FLAG.AT, credential)
        response = {
            "clientDataJSON": _text(self._client(CollectedClientData.TYPE.CREATE, asked)),
            "attestationObject": _text(AttestationObject.create("none", data, {})),
        }
        return self._answer(response)

    def use(self, asked: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += 1 if self.count else 0
        client, data = self._client(CollectedClientData.TYPE.GET, asked), self._data()
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signed),
        }
        return self._answer(response)

    def _client(self, kind: Any, asked: dict[str, Any]) -> CollectedClientData:
        challenge = asked["challenge"]
        return CollectedClientData.create(
            kind, urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4)), self.origin
        )

    def _data(self, flags: int = 0, credential: Any = b"") -> AuthenticatorData:
        shown = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if self.verified else 0)
        site = hashlib.sha256(self.site.encode()).digest()
        return AuthenticatorData.create(site, shown | flags, self.count, credential)

    def _answer(self, response: dict[str, str]) -> str:
        name = _text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
