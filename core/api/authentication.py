"""Who calls the API: another system with a bearer token, or a signed-in person's browser."""

import hashlib
from typing import Any

from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

REALM = "api"
NEEDED = ("expires", "scope", "application__name", "application__scopes")


class ClientCredentials(BaseAuthentication):
    """OAuth2 bearer tokens of `POST /o/token/`; the caller is what the client's `principal` says."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        kind, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        record = self._find(token.strip())
        if record is None or record.application is None or record.expires <= timezone.now():
            raise AuthenticationFailed("The access token is unknown or has expired.", code="invalid_token")
        return record.application.principal(frozenset(record.scope.split())), record

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'

    def _find(self, token: str) -> Any:
        checksum = hashlib.sha256(token.encode()).hexdigest()
        tokens = get_access_token_model().objects.select_related("application").only(*NEEDED)
        return tokens.filter(token_checksum=checksum).first()


class SignedInSession(SessionAuthentication):
    """The session cookie of the pages; changing requests need the CSRF token as there."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found is not None and (code := found[0].held_up(request.session)):
            raise AuthenticationFailed("Finish signing in on the pages first.", code=code)
        return found
