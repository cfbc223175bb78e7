"""What each row of an import would do, for the dry run and the job alike: found set-based, in scope only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from clients import identifiers
from clients.importing.rows import POINTS, Asked, id_type_of
from clients.models import Client, ClientTag, ContactPoint
from clients.queries.merging import HAND_KEPT
from clients.queries.prospects import enterable_branches
from core import crypto
from staff.models import Unit

CREATE, UPDATE, SKIP, FAIL = "create", "update", "skip", "fail"
RIGHT = "clients.import"


@dataclass
class Plan:
    """One row: what becomes of it and why; changes: field -> [old, new] as text."""

    row: Asked
    does: str
    client: Client | None = None
    why: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    points: list[tuple[str, str]] = field(default_factory=list)
    branch: Unit | None = None
    referrer: Client | None = None


@dataclass
class _Known:
    """What the rows' keys find in the reader's scope."""

    by_no: dict[str, Client]
    by_id: dict[bytes, list[Client]]
    by_mobile: dict[bytes, list[Client]]
    tags: dict[int, set[str]]
    points: dict[int, set[tuple[str, str]]]
    branches: dict[str, Unit]


def plans(person: Any, rows: Sequence[Asked], *, branch: str, lock: bool = False) -> list[Plan]:
    """A plan for each row, in order; lock holds the clients found until the transaction ends."""
    known = _known(person, rows, lock)
    made = [_plan(row, known, branch) for row in rows]
    return _once_each(made)


def _plan(row: Asked, known: _Known, branch: str) -> Plan:
    if row.fault:
        return Plan(row, FAIL, why=row.fault)
    client, why = _client(row.values, known)
    if why:
        return Plan(row, FAIL, why=why)
    return _update(row, client, known) if client else _create(row, known, branch)


def _client(values: dict[str, Any], known: _Known) -> tuple[Client | None, str]:
    """The client a row means: by number, else by ID, else by mobile where only one has it."""
    if "client_no" in values:
        client = known.by_no.get(values["client_no"])
        return client, "" if client else _("There is no such client in your sight.")
    for index, found in ((_id_index(values), known.by_id), (_mobile_index(values), known.by_mobile)):
        clients = found.get(index, []) if index else []
        if len(clients) > 1:
            return None, _("Several clients have this ID or mobile; use the client number.")
        if clients:
            return clients[0], ""
    return None, ""


def _update(row: Asked, client: Client, known: _Known) -> Plan:
    plan = Plan(row, UPDATE, client)
    for name in HAND_KEPT:
        old = getattr(client, name)
        old = None if old is None else str(old)
        if name in row.values and row.values[name] != old:
            plan.changes[name] = [old, row.values[name]]
    there = known.tags.get(client.pk, set())
    plan.tags = [tag for tag in row.values.get("tags", []) if tag not in there]
    kept = known.points.get(client.pk, set())
    plan.points = [point for point in _points(row.values) if point not in kept]
    if not (plan.changes or plan.tags or plan.points):
        plan.does, plan.why = SKIP, _("Nothing would change.")
    return plan


def _create(row: Asked, known: _Known, branch: str) -> Plan:
    if not row.values.get("name"):
        return Plan(row, FAIL, why=_("No client is found, and a new prospect needs a name."))
    code = row.values.get("branch", branch)
    place = known.branches.get(code)
    if place is None:
        return Plan(row, FAIL, why=_("There is no branch %(code)s in your reach.") % {"code": code or "–"})
    plan = Plan(row, CREATE, branch=place, tags=row.values.get("tags", []), points=_points(row.values))
    if "referred_by" in row.values:
        plan.referrer = known.by_no.get(row.values["referred_by"])
        if plan.referrer is None:
            return Plan(row, FAIL, why=_("Who recommended is no client in your sight."))
    return plan


def _once_each(made: list[Plan]) -> list[Plan]:
    """A client, or a new prospect's ID or mobile, stands in one row of a chunk only."""
    seen: set[Any] = set()
    for plan in made:
        values = plan.row.values
        key = plan.client.pk if plan.client else (_id_index(values) or _mobile_index(values))
        if plan.does in (CREATE, UPDATE) and key is not None:
            if key in seen:
                plan.does, plan.why = FAIL, _("An earlier row is about the same client.")
            seen.add(key)
    return made


def _known(person: Any, rows: Sequence[Asked], lock: bool) -> _Known:
    told = [row.values for row in rows if not row.fault]
    numbers = {values[name] for values in told for name in ("client_no", "referred_by") if name in values}
    ids = {index for values in told if (index := _id_index(values))}
    mobiles = {index for values in told if (index := _mobile_index(values))}
    scope = person.scope_for(RIGHT)
    clients = Client.objects.in_scope(scope).filter(merged_into=None).select_related("branch").order_by("pk")
    if lock:
        clients = clients.select_for_update(of=("self",))
    by_id, by_mobile = defaultdict(list), defaultdict(list)
    by_no = {client.client_no: client for client in clients.filter(client_no__in=numbers)}
    for client in clients.filter(id_index__in=ids):
        by_id[bytes(client.id_index or b"")].append(client)
    for client in clients.filter(mobile_index__in=mobiles):
        by_mobile[bytes(client.mobile_index or b"")].append(client)
    found = {client.pk for group in (by_id, by_mobile) for some in group.values() for client in some}
    found |= {client.pk for client in by_no.values()}
    branches = {unit.code: unit for unit in enterable_branches(person)}
    return _Known(by_no, by_id, by_mobile, _tags(found), _kept_points(found), branches)


def _tags(ids: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for client_id, tag in ClientTag.objects.filter(client_id__in=ids).values_list("client_id", "tag__name"):
        found[client_id].add(tag)
    return found


def _kept_points(ids: set[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for point in ContactPoint.objects.filter(client_id__in=ids, ended_at=None):
        found[point.client_id].add((point.kind, crypto.unseal(point.value, point.context)))
    return found


def _points(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(kind), values[name]) for name, kind in POINTS.items() if name in values]


def _id_index(values: dict[str, Any]) -> bytes | None:
    return identifiers.id_blind_index(id_type_of(values), values.get("id_number", ""))


def _mobile_index(values: dict[str, Any]) -> bytes | None:
    return identifiers.mobile_blind_index(values.get("mobile", ""))
