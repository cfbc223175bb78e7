"""A call session: one client after the other by keyboard; callbacks and campaigns fill it.

A page extends outreach/session/page.html, whose head lists the blocks and what it reads. `left` is how many
wait, as `capped_count` tells, and `today` how many calls the person made today.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from clients.models import Client
from outreach.queries.session import beside
from staff.access import PersonRequest


def session_context(request: PersonRequest, client: Client) -> dict[str, Any]:
    """What the page shows beside the call."""
    return {
        "beside": beside(client, request.user, timezone.localdate()),
        "may_reveal": request.user.may("clients.reveal"),
    }


def add_errors(form: Any, error: ValidationError) -> None:
    """A rule's faults on the form's fields; those of no field stand above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, words in error.message_dict.items():
        form.add_error(name if name in form.fields else None, words)
