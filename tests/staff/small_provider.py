"""A small OpenID Connect provider over HTTP: discovery, keys, authorization code with PKCE, signed id_tokens.

It says yes to everybody as the person it is told (`who`); `lies` changes what it would truthfully answer.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

CLIENT, SECRET = "crm", "between-us"


@dataclass
class SmallProvider:
    """What it knows and how it answers; `asked` are the token requests it got."""

    issuer: str
    who: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "li.jingyi"})
    lies: dict[str, Any] = field(default_factory=dict)
    key: JWK = field(default_factory=lambda: JWK.generate(kty="RSA", size=2048, kid="first"))
    signing: JWK | None = None
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        names = {
            "authorization_endpoint": "/door", "token_endpoint": "/token", "jwks_uri": "/keys",
        }  # fmt: skip
        return {"issuer": self.issuer, **{name: self.issuer + path for name, path in names.items()}}

    def keys(self) -> dict[str, Any]:
        return {"keys": [json.loads(self.key.export_public())]}

    def door(self, asked: dict[str, str]) -> str:
        """The way back, with a code."""
        code = secrets.token_urlsafe(16)
        self.given[code] = asked
        told = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The id_token, once for a code, to the right client with the right verifier."""
        self.asked.append(form)
        asked = self.given.pop(form.get("code", ""), None)
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or authorization != f"Basic {pair}" or asked["code_challenge"] != challenge:
            return None
        if asked["redirect_uri"] != form.get("redirect_uri") or asked["client_id"] != CLIENT:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "248289761001", "aud": CLIENT, "nonce": asked["nonce"], "iat": now,
            "exp": now + 300, "auth_time": now, **self.who, **self.lies,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(kept)}

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.signing or self.key
        algorithm = "HS256" if key["kty"] == "oct" else "RS256"
        token = JWT(header={"alg": algorithm, "kid": key["kid"]}, claims=claims)
        token.make_signed_token(key)
        return str(token.serialize())


@contextmanager
def small_provider() -> Iterator[SmallProvider]:
    """Runs it on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if path == "/door":
                self.send_response(302)
                self.send_header(
                    "Location", provider.door({name: values[0] for name, values in asked.items()})
                )
                self.end_headers()
                return
            known = {"/.well-known/openid-configuration": provider.discovery, "/keys": provider.keys}
            self._answer(known[path]() if path in known else None)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            flat = {name: values[0] for name, values in form.items()}
            self._answer(provider.token(flat, self.headers.get("Authorization", "")))

        def _answer(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = SmallProvider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
