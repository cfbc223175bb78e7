"""Who does a deed, as four eyes compare it."""

from core import audit


def who(actor: audit.Actor) -> str:
    """An actor in one word, so that a person and an API client of one name stay apart."""
    return f"{actor.actor_kind}:{actor.actor_name}"
