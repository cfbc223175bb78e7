"""The rows of a chunk taken back set-based, where nobody touched since what the import brought."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from clients.actions.contacts import end_contact_points
from clients.actions.import_rows import Result, write_hand_kept
from clients.importing.plans import CREATE, UPDATE
from clients.models import Client, ClientTag, StageChange

UNDONE, STAYED = "undone", "stayed"
# Rows of these come by looking at a record or by the house itself.
BY_ITSELF = frozenset({"clients.Opened", "clients.Reading", "clients.ClientChange", "clients.DuplicatePair"})


def undone(results: Sequence[Result], doer: Any) -> list[Result]:
    """What became of each row, in their order; a row that stays says why."""
    ours = [result for result in results if result["does"] in (CREATE, UPDATE)]
    locked = Client.objects.filter(pk__in=[result["client"] for result in ours]).order_by("pk")
    clients = {client.pk: client for client in locked.select_for_update(of=("self",))}
    there = [result for result in ours if result["client"] in clients]
    stays = {result["number"]: _("The record is gone.") for result in ours if result not in there}
    stays |= _removed([one for one in there if one["does"] == CREATE], clients)
    stays |= _restored([one for one in there if one["does"] == UPDATE], clients, doer)
    return [_after(result, stays) if result["does"] in (CREATE, UPDATE) else result for result in results]


def _after(result: Result, stays: dict[int, str]) -> Result:
    why = stays.get(result["number"], "")
    return {**result, "does": STAYED if why else UNDONE, "why": why}


def _removed(results: Sequence[Result], clients: dict[int, Client]) -> dict[int, str]:
    """Deletes prospects that nobody touched since; by the row's number why, where somebody did."""
    standing = [
        result for result in results
        if clients[result["client"]].version == result["version"]
        and clients[result["client"]].merged_into_id is None
    ]  # fmt: skip
    touched = _touched({result["client"]: result for result in standing})
    gone = {result["client"] for result in standing} - touched
    Client.objects.filter(pk__in=gone).delete()
    why = _("Somebody has worked on the prospect since.")
    return {result["number"]: why for result in results if result["client"] not in gone}


def _touched(results: dict[int, Result]) -> set[int]:
    """Those of the clients on which more hangs than what the import brought, and that somebody opened it."""
    moved = StageChange.objects.filter(prospect__in=results, old_stage__gt="")
    found = set(moved.values_list("prospect_id", flat=True))
    for relation in Client._meta.related_objects:
        name = relation.get_accessor_name() or relation.name
        if relation.related_model._meta.label in BY_ITSELF or name == "relations":
            continue
        for client_id, count in _hanging(relation, results):
            if count > _brought(name, results[client_id]):
                found.add(client_id)
    return found


def _hanging(relation: Any, ids: Iterable[int]) -> Iterable[tuple[int, int]]:
    """How many rows of the relation's table each of these clients has."""
    field = relation.field.attname
    rows = relation.related_model._default_manager.filter(**{f"{field}__in": list(ids)})
    return rows.order_by().values_list(field).annotate(rows=Count("*"))


def _brought(name: str, result: Result) -> int:
    own = {"prospect": 1, "tags_given": len(result["tags"]), "contact_points": len(result["points"])}
    return own.get(name, 0)


def _restored(results: Sequence[Result], clients: dict[int, Client], doer: Any) -> dict[int, str]:
    """Gives former values back where the import's still stand; names the fields that stay, by row."""
    back, stays = [], {}
    for result in results:
        client = clients[result["client"]]
        ours, theirs = _still_ours(client, result)
        if ours:
            back.append((client, ours))
        if theirs:
            stays[result["number"]] = _("Changed since, stays: %(fields)s") % {"fields": ", ".join(theirs)}
    write_hand_kept(back)
    ClientTag.objects.filter(pk__in=[tag for result in results for tag in result["tags"]]).delete()
    end_contact_points(actor=doer, ids=[point for result in results for point in result["points"]])
    return stays


def _still_ours(client: Client, result: Result) -> tuple[dict[str, Any], list[str]]:
    """Former values of the fields that hold what the import wrote; the names of those that don't."""
    ours, theirs = {}, []
    for name, (old, new) in result["changes"].items():
        now = getattr(client, name)
        if (None if now is None else str(now)) == new:
            ours[name] = old
        else:
            theirs.append(name)
    return ours, theirs
