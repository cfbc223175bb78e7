"""The firm's own identity provider: OpenID Connect, authorization code with PKCE (docs/decisions/0046).

The provider is told nothing but that somebody wants in; what it tells is believed only when it is signed with
its keys, for this site, for this very attempt, and not expired.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from jwcrypto.common import JWException
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
PATIENCE = 10  # seconds for one answer
LONGEST_ANSWER = 256 * 1024
KEPT_FOR = 600.0  # seconds that addresses and keys are believed without asking again
LEEWAY = 60  # seconds the clocks may differ
ATTEMPT_LASTS = 600  # seconds between leaving for the provider and coming back
MULTI_FACTOR = "mfa"  # RFC 8176


class Untrue(Exception):
    """What came back does not hold; the text says why, for the log."""


class Away(Exception):
    """The provider does not answer."""


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back, kept in the session."""

    state: str
    nonce: str
    verifier: str
    next: str
    again: bool  # the person is asked to prove it anew
    at: float

    @classmethod
    def begin(cls, next_url: str, *, again: bool = False) -> "Attempt":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _secret in range(3))
        return cls(state, nonce, verifier, next_url, again, time.time())

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class Told:
    """Who the provider says it is, and whether it asked for more than a password."""

    name: str
    multi_factor: bool


def door(attempt: Attempt, back: str) -> str:
    """The provider's address to go to."""
    asked = {
        "response_type": "code", "client_id": settings.OIDC_CLIENT_ID, "redirect_uri": back,
        "scope": settings.OIDC_SCOPES, "state": attempt.state, "nonce": attempt.nonce,
        "code_challenge": attempt.challenge, "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if attempt.again else {}),
    }  # fmt: skip
    address = str(_told_of_itself()["authorization_endpoint"])
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def answered(attempt: Attempt, back: str, given: dict[str, str]) -> Told:
    """Who came back; `given` are the parameters of the address. Raises Untrue or Away."""
    if not secrets.compare_digest(given.get("state", ""), attempt.state):
        raise Untrue("state")
    if not 0 <= time.time() - attempt.at <= ATTEMPT_LASTS:
        raise Untrue("too late")
    if given.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:  # RFC 9207
        raise Untrue("issuer of the answer")
    if "code" not in given:
        raise Untrue(f"the provider says {given.get('error', 'nothing')[:60]}")
    return _believed(_redeemed(given["code"], attempt, back), attempt)


def _redeemed(code: str, attempt: Attempt, back: str) -> str:
    """The id_token for the code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    pair = f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(settings.OIDC_CLIENT_SECRET, safe='')}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    answer = _asked(str(_told_of_itself()["token_endpoint"]), urlencode(form).encode(), headers)
    if not isinstance(answer.get("id_token"), str):
        raise Untrue("no id_token")
    return str(answer["id_token"])


def _believed(id_token: str, attempt: Attempt) -> Told:
    """The claims, after OpenID Connect Core 3.1.3.7."""
    claims, now = _signed(id_token), time.time()
    audience = claims.get("aud")
    for_whom = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != settings.OIDC_ISSUER:
        raise Untrue("issuer")
    if settings.OIDC_CLIENT_ID not in for_whom:
        raise Untrue("audience")
    if claims.get("azp", for_whom[0] if len(for_whom) == 1 else None) != settings.OIDC_CLIENT_ID:
        raise Untrue("authorized party")
    if _moment(claims, "exp") <= now - LEEWAY:
        raise Untrue("expired")
    if _moment(claims, "iat") > now + LEEWAY:
        raise Untrue("issued in the future")
    if not secrets.compare_digest(str(claims.get("nonce", "")), attempt.nonce):
        raise Untrue("nonce")
    if attempt.again and _moment(claims, "auth_time") < attempt.at - LEEWAY:
        raise Untrue("not signed in anew")
    ways = claims.get("amr")
    return Told(
        name=str(claims.get(settings.OIDC_CLAIM) or ""),
        multi_factor=isinstance(ways, list) and MULTI_FACTOR in ways,
    )


def _moment(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Untrue(f"no {name}")
    return float(value)


def _signed(id_token: str) -> dict[str, Any]:
    """The payload under one of the provider's signatures; its keys are asked for again when none fits."""
    for renew in (False, True):
        try:
            token = JWS()
            token.allowed_algs = ALGORITHMS
            token.deserialize(id_token)
            token.verify(_keys(renew=renew))
            claims = json.loads(token.payload)
        except (JWException, ValueError) as error:
            if renew:
                raise Untrue("signature") from error
        else:
            break
    if not isinstance(claims, dict):
        raise Untrue("claims")
    return claims


_known: dict[str, tuple[float, dict[str, Any]]] = {}


def forget() -> None:
    """Forgets addresses and keys."""
    _known.clear()


def _told_of_itself() -> dict[str, Any]:
    """The provider's discovery document."""
    issuer = settings.OIDC_ISSUER
    found = _kept(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise Untrue("issuer of the discovery document")
    return found


def _keys(*, renew: bool) -> JWKSet:
    return JWKSet.from_json(json.dumps(_kept(str(_told_of_itself()["jwks_uri"]), renew=renew)))


def _kept(address: str, *, renew: bool = False) -> dict[str, Any]:
    """The document at the address, asked for at most every ten minutes unless it must be newer."""
    at, found = _known.get(address, (0.0, {}))
    if renew or time.monotonic() - at > KEPT_FOR or not found:
        found = _asked(address)
        _known[address] = time.monotonic(), found
    return found


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody else answers for the provider."""
        return None


def _asked(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at the address; over plain HTTP only where this site itself is."""
    if urlsplit(address).scheme not in ({"https"} if settings.HTTPS else {"https", "http"}):
        raise Untrue("an address without TLS")
    try:
        with build_opener(_Stay).open(Request(address, body, headers or {}), timeout=PATIENCE) as answer:
            told = json.loads(answer.read(LONGEST_ANSWER))
    except HTTPError as error:
        if error.code >= 500:
            raise Away(f"{urlsplit(address).path} answered {error.code}") from error
        raise Untrue(f"{urlsplit(address).path} answered {error.code}") from error
    except (URLError, OSError, HTTPException) as error:
        raise Away(str(error)) from error
    except ValueError as error:
        raise Untrue("not JSON") from error
    if not isinstance(told, dict):
        raise Untrue("not an object")
    return told
