"""OAuth2 for other systems: client credentials only, scopes from the module registry."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from core.registry import api_scopes
from staff.models import ApiClient

GRANT = "client_credentials"


class RegistryScopes(BaseScopes):
    """All scopes that modules name; an API client gets those it was made with."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope: str(text) for scope, text in api_scopes().items()}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        known = api_scopes()
        return [scope for scope in application.scopes if scope in known] if application else list(known)

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)


class Validator(OAuth2Validator):
    """Lets nothing through but confidential clients with client credentials."""

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type == GRANT and client.authorization_grant_type == ApiClient.GRANT_CLIENT_CREDENTIALS
