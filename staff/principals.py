"""The caller behind an API token, in the same words as a person: scope, may, actor."""

from dataclasses import dataclass
from functools import cached_property

from staff.models import ApiClient
from staff.reach import scope_of_client
from staff.scope import NOTHING, Scope


@dataclass(frozen=True)
class ApiPrincipal:
    """An API client with the scopes of its token."""

    client: ApiClient
    scopes: frozenset[str]
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True

    def __str__(self) -> str:
        return "API"

    @cached_property
    def scope(self) -> Scope:
        """The clients it may see: those of its units."""
        return scope_of_client(self.client.units.order_by().values_list("pk", "kind"), self.scopes)

    @property
    def reach(self) -> Scope:
        return self.scope

    def scope_for(self, right: str) -> Scope:
        return self.scope if self.may(right) else NOTHING

    def may(self, right: str) -> bool:
        return right in self.scope.rights

    @property
    def pk(self) -> int:
        return self.client.pk

    @property
    def actor_kind(self) -> str:
        return "api"

    @property
    def actor_id(self) -> int | None:
        return self.client.pk

    @property
    def actor_name(self) -> str:
        return self.client.name


@dataclass(frozen=True)
class Nobody:
    """A caller who did not sign in, or a system that was removed; sees and may nothing."""

    is_authenticated: bool = False
    is_anonymous: bool = True
    is_active: bool = False
    pk: None = None
    actor_kind: str = "nobody"
    actor_id: None = None
    actor_name: str = ""
    scope: Scope = NOTHING
    reach: Scope = NOTHING

    def scope_for(self, right: str) -> Scope:
        return NOTHING

    def may(self, right: str) -> bool:
        return False
