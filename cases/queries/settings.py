"""Who keeps the types of cases."""

from typing import Any


def may_keep(user: Any) -> bool:
    """Types are the firm's: only whoever holds cases.settings for all of it."""
    return user.may("cases.settings") and bool(user.scope_for("cases.settings").firm)
