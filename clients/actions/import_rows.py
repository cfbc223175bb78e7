"""The rows of a chunk done set-based: new prospects and changes in a fixed number of statements."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import Error, OperationalError, transaction
from django.utils.translation import gettext as _

from clients.actions.contacts import add_contact_points
from clients.actions.editing import readings
from clients.actions.prospects import RECORD_FIELDS, Newcomer, Origin, enter_prospects
from clients.actions.tags import give_each
from clients.importing.plans import CREATE, FAIL, UPDATE, Plan
from clients.importing.rows import id_type_of
from clients.models import Client, ClientImport, Reading
from clients.queries.merging import HAND_KEPT
from core import sql
from core.errors import Conflict

log = logging.getLogger(__name__)
Result = dict[str, Any]
Change = tuple[Client, Mapping[str, Any]]


def done(made: ClientImport, plans: Sequence[Plan], doer: Any) -> list[Result]:
    """What became of each row, in their order. All at once; one by one when something refuses the whole."""
    wanted = [plan for plan in plans if plan.does in (CREATE, UPDATE)]
    found = _tried(made, wanted, doer)
    if found is None:
        found = {}
        for plan in wanted:
            found |= _tried(made, [plan], doer) or {}
    return [found.get(plan.row.number) or told(plan) for plan in plans]


def told(plan: Plan) -> Result:
    """A row's result before anything is done."""
    result: Result = {"number": plan.row.number, "does": plan.does, "why": plan.why}
    if plan.client is not None:
        result |= {"client": plan.client.pk, "client_no": plan.client.client_no}
    if plan.does == UPDATE:
        result["fields"] = [
            *plan.changes, *(["tags"] if plan.tags else []), *(kind for kind, _value in plan.points)
        ]  # fmt: skip
    return result


def write_hand_kept(changes: Sequence[Change]) -> None:
    """Gives clients, which the caller has locked, new values of fields that people keep by hand."""
    for client, values in changes:
        for name, value in values.items():
            setattr(client, name, value)
    clients = [client for client, _values in changes]
    columns = {name: [getattr(client, name) for client in clients] for name in HAND_KEPT}
    params = {
        "ids": [client.pk for client in clients],
        "short_names": columns["short_name"],
        "occupation_texts": columns["occupation"],
        "remark_texts": columns["remark"],
        "amounts": [None if value is None else str(value) for value in columns["declared_outside_assets"]],
    }
    if clients:
        sql.run("clients", "hand_kept_write", params)
    renamed = [client for client, values in changes if "short_name" in values]
    if renamed:
        Reading.objects.filter(client__in=renamed, of=Reading.Of.SHORT_NAME).delete()
        Reading.objects.bulk_create(readings(renamed, Reading.Of.SHORT_NAME))


def _tried(made: ClientImport, plans: Sequence[Plan], doer: Any) -> dict[int, Result] | None:
    """The results by the rows' numbers; None when nothing of it could be done, and of one row why."""
    try:
        with transaction.atomic():
            return _do(made, plans, doer)
    except OperationalError:
        raise
    except (Conflict, ValidationError) as error:
        why = error.message if isinstance(error, Conflict) else " ".join(error.messages)
    except (Error, ValueError):
        log.warning("import %s: some of %s rows could not be written", made.pk, len(plans), exc_info=True)
        why = _("The system failed on this row.")
    if len(plans) == 1:
        _fail(plans[0], why)
    return None


def _fail(plan: Plan, why: str) -> None:
    if plan.does == CREATE:
        plan.client = None  # rolled back
    plan.does, plan.why = FAIL, why


def _do(made: ClientImport, plans: Sequence[Plan], doer: Any) -> dict[int, Result]:
    created = [plan for plan in plans if plan.does == CREATE]
    updated = [plan for plan in plans if plan.does == UPDATE]
    _create(made, created, doer)
    changes = [(plan, {name: new for name, (_old, new) in plan.changes.items()}) for plan in updated]
    write_hand_kept([(_client(plan), values) for plan, values in changes if values])
    tags = give_each(actor=doer, given=[(_client(p).pk, tag) for p in plans for tag in p.tags])
    points = _add_points(plans, doer)
    return {plan.row.number: _result(plan, tags, points) for plan in plans}


def _create(made: ClientImport, plans: Sequence[Plan], doer: Any) -> None:
    newcomers = [_newcomer(plan) for plan in plans]
    entered = enter_prospects(actor=doer, newcomers=newcomers, imported_by=made.pk) if plans else []
    for plan, prospect in zip(plans, entered, strict=True):
        plan.client = prospect.client


def _newcomer(plan: Plan) -> Newcomer:
    asked = plan.row.values
    values = {name: value for name, value in asked.items() if name in RECORD_FIELDS}
    values = {"kind": Client.Kind.INDIVIDUAL, "id_type": id_type_of(asked)} | values
    origin = Origin(asked.get("source", "list"), asked.get("source_detail", ""), plan.referrer)
    assert plan.branch is not None
    return Newcomer(plan.branch, asked.get("manager_no", ""), values, origin)


def _add_points(plans: Sequence[Plan], doer: Any) -> dict[int, list[int]]:
    """The new contact points' keys by client."""
    given = [(_client(plan), kind, value) for plan in plans for kind, value in plan.points]
    found: dict[int, list[int]] = {}
    for point in add_contact_points(actor=doer, given=given) if given else ():
        found.setdefault(point.client_id, []).append(point.pk)
    return found


def _result(plan: Plan, tags: dict[int, list[int]], points: dict[int, list[int]]) -> Result:
    """What was done, and the way back."""
    client = _client(plan)
    given = {"tags": tags.get(client.pk, []), "points": points.get(client.pk, [])}
    back = {"version": client.version} if plan.does == CREATE else {"changes": plan.changes}
    return {**told(plan), **back, **given}


def _client(plan: Plan) -> Client:
    assert plan.client is not None
    return plan.client
