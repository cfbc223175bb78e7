"""Saved views: who keeps what of a list, who may open it, and how many rows each holds now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import redis
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, formats
from core.errors import Conflict
from core.keyset import capped_count
from core.limits import in_time
from core.lists.sources import ListSource, bare_query, seeks_a_number
from core.models import SavedView
from core.registry import list_sources

SHARE = "views.share"
MOST_IN_RAIL = 20
COUNT_CAP = 1_000
COUNT_KEPT = 30  # seconds
COUNT_LIMIT = 1000  # milliseconds; a view that takes longer to count shows no number


def views_of(person: Any) -> QuerySet[SavedView]:
    """The person's own views and those others share, of lists the person may open."""
    lists = [name for name, source in list_sources().items() if person.may(source.right)]
    mine = Q(owner_id=person.pk) | Q(shared=True)
    return SavedView.objects.filter(mine, list_name__in=lists, removed_at=None)


def in_order(views: QuerySet[SavedView], person: Any) -> list[SavedView]:
    """Own ones first, in their owner's order; then what others share, by name."""
    rows = sorted(views, key=lambda view: (view.position, view.pk))
    own = [view for view in rows if view.owner_id == person.pk]
    return own + sorted((view for view in rows if view.owner_id != person.pk), key=lambda view: view.name)


def address(view: SavedView) -> str:
    """The list's page with the view open."""
    params = QueryDict(view.query, mutable=True)
    params["view"] = str(view.pk)
    return f"{list_sources()[view.list_name].path}?{params.urlencode()}"


@dataclass(frozen=True)
class Shown:
    """A view as the rail shows it: how many rows it holds for this reader ('' when that takes too long)."""

    view: SavedView
    url: str
    count: str
    is_own: bool


def for_rail(person: Any) -> list[Shown]:
    """The reader's views with their counts."""
    views = in_order(views_of(person), person)[:MOST_IN_RAIL]
    return [Shown(view, address(view), count(view, person), view.owner_id == person.pk) for view in views]


def count(view: SavedView, person: Any) -> str:
    """'17', or '1,000+' where counting stopped; at most half a minute old."""
    key = f"view-count:{view.pk}:{view.updated_at.timestamp()}:{person.pk}"
    found = _cached(key, lambda: _counted(list_sources()[view.list_name], view.query, person))
    if found is None:
        return ""
    return f"{formats.number(COUNT_CAP)}+" if found > COUNT_CAP else formats.number(found)


def _counted(source: ListSource, query: str, person: Any) -> int | None:
    """Rows up to one more than the cap; None when the database takes too long over it."""
    page = source.page_for(person, query)
    told = in_time(lambda: capped_count(page.queryset, min(page.count_cap, COUNT_CAP)), COUNT_LIMIT)
    return None if told is None else sum(told)


def _cached(key: str, make: Callable[[], int | None]) -> int | None:
    """Counts are worth keeping, but not worth failing for when the cache is away."""
    try:
        return cache.get_or_set(key, make, COUNT_KEPT)
    except redis.RedisError:
        return make()


@transaction.atomic
def keep(*, actor: Any, list_name: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keeps a list as it stands under a name. Raises Conflict when the name is taken."""
    last = SavedView.objects.filter(owner_id=actor.pk).aggregate(last=Max("position"))["last"]
    view = SavedView(
        owner_id=actor.pk,
        owner_name=str(actor),
        list_name=list_name,
        name=name,
        query=bare_query(query),
        position=0 if last is None else last + 1,
    )
    _store(view)
    return share(actor=actor, view=view, shared=True) if shared else view


@transaction.atomic
def change(*, actor: Any, view: SavedView, name: str = "", query: str | None = None) -> SavedView:
    """Gives an own view another name, or what the list shows now. Raises Conflict when the name is taken."""
    _own(actor, view)
    view.name = name or view.name
    view.query = view.query if query is None else bare_query(query)
    _store(view)
    return view


@transaction.atomic
def share(*, actor: Any, view: SavedView, shared: bool) -> SavedView:
    """Offers an own view to everybody who may open the list, or keeps it to oneself again."""
    _own(actor, view)
    if shared and not actor.may(SHARE):
        raise PermissionDenied
    view.shared = shared
    view.save()
    _note(actor, view, "view.shared" if shared else "view.unshared")
    return view


@transaction.atomic
def remove(*, actor: Any, view: SavedView) -> None:
    """Takes an own view away; `restore` brings it back."""
    _own(actor, view)
    view.removed_at = timezone.now()
    view.save()
    if view.shared:
        _note(actor, view, "view.removed")


@transaction.atomic
def restore(*, actor: Any, view: SavedView) -> None:
    """Brings a removed view back. Raises Conflict when another has its name by now."""
    _own(actor, view)
    view.removed_at = None
    _store(view)


@transaction.atomic
def move_up(*, actor: Any, view: SavedView) -> None:
    """Puts an own view one place higher in the rail."""
    _own(actor, view)
    mine = in_order(SavedView.objects.filter(owner_id=actor.pk, removed_at=None), actor)
    place = next(number for number, one in enumerate(mine) if one.pk == view.pk)
    if place:
        mine[place - 1], mine[place] = mine[place], mine[place - 1]
    _renumber(mine)


def _renumber(views: Sequence[SavedView]) -> None:
    for number, view in enumerate(views):
        SavedView.objects.filter(pk=view.pk).update(position=number)


def _own(actor: Any, view: SavedView) -> None:
    if view.owner_id != actor.pk:
        raise PermissionDenied


def _store(view: SavedView) -> None:
    if seeks_a_number(view.query):
        raise Conflict(_("A search for a number is not kept; take it out of the search box first."))
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        words = _("You have a view named %(name)s already.") % {"name": view.name}
        raise Conflict(words) from None


def _note(actor: audit.Actor, view: SavedView, deed: str) -> None:
    detail = {"list": view.list_name, "name": view.name, "query": view.query}
    audit.record(actor=actor, deed=deed, subject_type="saved view", subject_id=view.pk, detail=detail)
