"""Choosing rows: the choice is frozen at once, set-based, so that what was previewed is what is done."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.bulk.deeds import BulkDeed
from core.errors import Conflict
from core.lists.sources import ListSource, bare_query, without_number
from core.models import BulkRun
from core.registry import bulk_deeds, list_sources

CHUNK = 1000
MOST_ROWS = 200_000
DRAFTS_KEPT = timedelta(days=1)
# One row a chunk: up to CHUNK ids of the chosen rows, in the order of their keys.
FREEZE = """
INSERT INTO core_bulkchunk (run_id, position, ids)
SELECT %s, place / %s, array_agg(id ORDER BY id)
FROM (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM (SELECT DISTINCT id FROM ({chosen}) AS found (id) LIMIT %s) AS once
) AS placed
GROUP BY place / %s
RETURNING cardinality(ids)
"""
CHOSEN = "SELECT unnest(ids) FROM core_bulkchunk WHERE run_id = %s"


class TooMany(Conflict):
    """More rows were chosen than one run takes."""


def source_and_deed(list_name: str, key: str) -> tuple[ListSource, BulkDeed] | None:
    source = list_sources().get(list_name)
    deed = next((deed for deed in bulk_deeds(list_name) if deed.key == key), None)
    return (source, deed) if source and deed else None


def own_runs(person: Any) -> QuerySet[BulkRun]:
    """What somebody chose, newest first."""
    return BulkRun.objects.filter(owner_id=person.pk).select_related("job").order_by("-pk")


def own_run(person: Any, pk: int) -> tuple[BulkRun, ListSource, BulkDeed] | None:
    """An own run with its list and deed; None for those of others.

    Raises PermissionDenied for whoever has lost the right.
    """
    run = own_runs(person).filter(pk=pk).first()
    found = source_and_deed(run.list_name, run.deed) if run else None
    if run is None or found is None:
        return None
    source, deed = found
    if not (person.may(source.right) and person.may(deed.right)):
        raise PermissionDenied
    return run, source, deed


@transaction.atomic
def choose(
    *, actor: Any, source: ListSource, deed: BulkDeed, ids: Iterable[int] = (), query: str | None = None
) -> BulkRun:
    """A draft over these ids, or over everything that matches `query`; only rows that the actor may do it to.

    Raises TooMany above 200 000 rows, Conflict when nothing is left to do it to.
    """
    everything = query is not None
    kept = bare_query(query or "")
    run = BulkRun.objects.create(
        list_name=source.name,
        deed=deed.key,
        query=without_number(kept),
        everything=everything,
        owner_id=actor.actor_id,
        owner_name=actor.actor_name,
        language=get_language() or "",
    )
    rows = source.page_for(actor, kept, right=deed.right).queryset
    run.total = _freeze(run, rows if everything else rows.filter(pk__in=list(ids)))
    if not run.total:
        raise Conflict(_("Nothing is chosen that you may do this to."))
    run.save(update_fields=["total"])
    return run


def _freeze(run: BulkRun, rows: QuerySet) -> int:
    """Writes the chunks; returns how many ids they hold."""
    try:
        chosen, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(chosen=chosen), [run.pk, CHUNK, *params, MOST_ROWS + 1, CHUNK])
        total = sum(size for (size,) in cursor.fetchall())
    if total > MOST_ROWS:
        raise TooMany(_("At most %(most)s rows at once; narrow the filters.") % {"most": f"{MOST_ROWS:,}"})
    return total


def chosen_rows(run: BulkRun, source: ListSource, deed: BulkDeed, person: Any) -> QuerySet:
    """The frozen rows that the person may still do it to."""
    rows = source.page_for(person, right=deed.right).queryset
    return rows.filter(pk__in=RawSQL(CHOSEN, [run.pk]))


def forget_drafts() -> int:
    """Deletes choices that nobody went on with for a day; returns how many."""
    old = BulkRun.objects.filter(phase=BulkRun.Phase.DRAFT, created_at__lt=timezone.now() - DRAFTS_KEPT)
    return old.delete()[1].get("core.BulkRun", 0)
