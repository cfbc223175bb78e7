"""Says for the rest of a transaction who changes rows and by which deed.

The triggers of django-pghistory put it beside the old row. It is set as the transaction's own variables, in
one small statement, instead of in front of every statement: so COPY, row counts and statements with RETURNING
are not touched (docs/decisions/0034).
"""

import json
from typing import Any
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from core.audit import Actor

SET = (
    "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
)


def because(*, actor: Actor, deed: str, reason: str = "", **place: Any) -> None:
    """Names who acts from here to the transaction's end: a person, an API client, a feed package, an import.

    deed as in the audit trail; place: what leads there, such as package=12 or merge=3. Nothing personal.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("History is told inside the deed's transaction.")
    told = {
        "actor_kind": actor.actor_kind,
        "actor_id": actor.actor_id,
        "actor_name": actor.actor_name,
        "deed": deed,
        "reason": reason,
        **place,
    }
    with connection.cursor() as cursor:
        cursor.execute(SET, [str(uuid4()), json.dumps(told, cls=DjangoJSONEncoder)])
