"""Sticking tags on clients and taking them off, one client or many."""

from collections.abc import Sequence

from django.db import transaction

from clients.actions import trail
from clients.models import Client, ClientTag, Tag
from core import audit, sql


def tag_named(name: str) -> Tag:
    """The tag of this name, made now if nobody used it before; white space is evened out."""
    return Tag.objects.get_or_create(name=" ".join(name.split()))[0]


@transaction.atomic
def give_tag(*, actor: audit.Actor, client: Client, name: str) -> Tag:
    """Sticks a tag on a client; once there it stays as it was given first."""
    tag = tag_named(name)
    if _give([client.pk], tag, actor):
        _note(actor, client, tag, "client.tagged")
    return tag


@transaction.atomic
def take_tag(*, actor: audit.Actor, client: Client, tag: Tag) -> bool:
    """Takes a tag off; False when the client does not carry it."""
    gone = ClientTag.objects.filter(client=client, tag=tag).delete()[0]
    if gone:
        _note(actor, client, tag, "client.untagged")
    return bool(gone)


@transaction.atomic
def give_to_many(*, actor: audit.Actor, ids: Sequence[int], tag: Tag, run_id: int) -> list[int]:
    """Sticks the tag on all of these in one statement; returns those that did not carry it before."""
    given = _give(ids, tag, actor)
    _note_many(actor, tag, "clients.tagged", run_id, len(given))
    return given


@transaction.atomic
def take_from_many(*, actor: audit.Actor, ids: Sequence[int], tag: Tag, run_id: int) -> list[int]:
    """Takes the tag off all of these in one statement; returns those that carried it."""
    carried = ClientTag.objects.filter(client_id__in=ids, tag=tag)
    taken = list(carried.order_by("client_id").select_for_update().values_list("client_id", flat=True))
    carried.filter(client_id__in=taken).delete()
    _note_many(actor, tag, "clients.untagged", run_id, len(taken))
    return taken


@transaction.atomic
def give_each(*, actor: audit.Actor, given: Sequence[tuple[int, str]]) -> dict[int, list[int]]:
    """Sticks tags on clients: (client, name of the tag) each. The new ClientTags' keys by client.

    The caller puts it on record: these are part of a larger deed.
    """
    tags = _tags_named({" ".join(name.split()) for _client, name in given})
    params = {
        "ids": [client for client, _name in given],
        "tag_ids": [tags[" ".join(name.split())] for _client, name in given],
        "actor_name": actor.actor_name,
    }
    made: dict[int, list[int]] = {}
    for row in sql.rows("clients", "tags_give", params) if given else ():
        made.setdefault(row["client_id"], []).append(row["id"])
    return made


def _tags_named(names: set[str]) -> dict[str, int]:
    """The keys of the tags of these names, made now where nobody used them before."""
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    return dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))


def _give(ids: Sequence[int], tag: Tag, actor: audit.Actor) -> list[int]:
    params = {"tag": tag.pk, "actor_name": actor.actor_name, "ids": list(ids)}
    return sorted(row["client_id"] for row in sql.rows("clients", "tag_give", params))


def _note(actor: audit.Actor, client: Client, tag: Tag, deed: str) -> None:
    trail.note(actor=actor, deed=deed, client=client, detail={"tag": tag.name})


def _note_many(actor: audit.Actor, tag: Tag, deed: str, run_id: int, count: int) -> None:
    """One entry a chunk; the clients themselves stand in the run's chunks."""
    audit.record(
        actor=actor,
        deed=deed,
        subject_type="bulk run",
        subject_id=run_id,
        detail={"tag": tag.name, "clients": count},
    )
