"""Whose work for later it is: rows keep kind and number, and ask anew who that is when the work is done."""

from typing import Any

from django.contrib.auth import get_user_model
from oauth2_provider.models import get_application_model


def owner_of(kind: str, number: int | None) -> Any:
    """The person, or the API client with all its scopes, as they are now; None when there is none."""
    if kind == "api":
        client = get_application_model()._default_manager.filter(pk=number).first()
        return client and client.principal(frozenset(client.scopes))
    return get_user_model()._default_manager.filter(pk=number).first()
