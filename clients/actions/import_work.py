"""The work of an import: rows tried, done and taken back, chunk by chunk, each with its done-mark."""

import json
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.actions.contacts import add_contact_point, end_contact_point
from clients.actions.editing import renew_readings
from clients.actions.imports import State, read_upload
from clients.actions.prospects import RECORD_FIELDS, Origin, enter_prospect
from clients.actions.tags import tag_named
from clients.importing.plans import CREATE, FAIL, RIGHT, UPDATE, Plan, plans
from clients.importing.rows import asked, id_type_of
from clients.models import Client, ClientImport, ClientTag, ContactPoint, ImportChunk
from clients.queries.imported_rows import results_of, rows_of
from core import audit, crypto, history, jobs
from core.errors import Conflict
from core.models import Job
from staff.models import Person

Result = dict[str, Any]
UNDONE, STAYED = "undone", "stayed"


def work(job: Job) -> None:
    """Does what the import's state asks for; after a kill what is left of it."""
    made = ClientImport.objects.select_related("owner").get(pk=job.arguments["import"])
    with translation.override(made.owner.language):
        if made.state == State.READING:
            read_upload(made)
        elif made.state in STEPS:
            _chunks(made, job)


def _chunks(made: ClientImport, job: Job) -> None:
    mark, do, end = STEPS[made.state]
    left = made.chunks.filter(**{mark: False})
    total = made.chunks.count()
    while _one(made, mark, do):
        jobs.progress(job, 100 * (total - left.count()) // max(total, 1))
    with transaction.atomic():
        counts: Counter[str] = Counter()
        for chunk in made.chunks.all().only("counts"):
            counts.update(chunk.counts)
        made.counts, made.state = dict(counts), end
        made.done_at = timezone.now() if end == State.DONE else made.done_at
        made.save(update_fields=["counts", "state", "done_at"])


@transaction.atomic
def _one(made: ClientImport, mark: str, do: Any) -> bool:
    """One chunk with its mark; False when none is left."""
    waiting = made.chunks.filter(**{mark: False}).select_for_update(of=("self",))
    chunk = waiting.order_by("position").first()
    if chunk is None:
        return False
    person = Person.objects.get(pk=made.owner_id)  # with today's rights
    results = do(made, chunk, person)
    chunk.results = crypto.seal(json.dumps(results, ensure_ascii=False), chunk.context("results"))
    chunk.counts = dict(Counter(result["does"] for result in results))
    setattr(chunk, mark, True)
    chunk.save()
    return True


def _plans(made: ClientImport, chunk: ImportChunk, person: Person, *, lock: bool) -> list[Plan]:
    rows = [asked(number, cells, made.mapping) for number, cells in rows_of(chunk)]
    if not person.may(RIGHT):
        return [Plan(row, FAIL, why=_("You may not do this any more.")) for row in rows]
    return plans(person, rows, branch=made.branch, lock=lock)


def _try(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    return [_told(plan) for plan in _plans(made, chunk, person, lock=False)]


def _apply(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    history.because(actor=person, deed="clients.imported", import_id=made.pk)
    results = [_done(made, plan, person) for plan in _plans(made, chunk, person, lock=True)]
    _note(made, person, "clients.imported", results)
    return results


def _done(made: ClientImport, plan: Plan, person: Person) -> Result:
    """One row done in a savepoint, so that a row that fails leaves nothing of itself."""
    try:
        with transaction.atomic():
            if plan.does == UPDATE:
                return _updated(plan, person)
            if plan.does == CREATE:
                return _created(made, plan, person)
    except (Conflict, ValidationError) as error:
        words = error.message if isinstance(error, Conflict) else " ".join(error.messages)
        plan.does, plan.why = FAIL, words
    return _told(plan)


def _updated(plan: Plan, person: Person) -> Result:
    client = plan.client
    assert client is not None
    if plan.changes:
        _write(client, {name: new for name, (_old, new) in plan.changes.items()})
    return {**_told(plan), "changes": plan.changes, **_given(plan, client, person)}


def _created(made: ClientImport, plan: Plan, person: Person) -> Result:
    values = {name: value for name, value in plan.row.values.items() if name in RECORD_FIELDS}
    values = {"kind": Client.Kind.INDIVIDUAL, "id_type": id_type_of(plan.row.values)} | values
    assert plan.branch is not None
    told = plan.row.values
    prospect = enter_prospect(
        actor=person,
        branch=plan.branch,
        manager_no=told.get("manager_no", ""),
        values=values,
        origin=Origin(told.get("source", "list"), told.get("source_detail", ""), plan.referrer),
        imported_by=made.pk,
    )
    plan.client = prospect.client
    given = _given(plan, prospect.client, person)
    return {**_told(plan), **given, "version": prospect.client.version}


def _given(plan: Plan, client: Client, person: Person) -> dict[str, list[int]]:
    """Tags and contact points added, by their keys."""
    tags = []
    for name in plan.tags:
        tag = tag_named(name)
        given = {"given_by": person.username, "given_at": timezone.now()}
        row, is_new = ClientTag.objects.get_or_create(client=client, tag=tag, defaults=given)
        tags += [row.pk] if is_new else []
    points = [
        add_contact_point(actor=person, client=client, kind=kind, value=value).pk
        for kind, value in plan.points
    ]
    return {"tags": tags, "points": points}


def _undo(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    history.because(actor=person, deed="clients.import_undone", import_id=made.pk)
    results = [_undone(result, person) for result in results_of(chunk)]
    _note(made, person, "clients.import_undone", results)
    return results


def _undone(result: Result, person: Person) -> Result:
    if result["does"] not in (CREATE, UPDATE):
        return result
    client = Client.objects.select_for_update(of=("self",)).filter(pk=result["client"]).first()
    if client is None:
        return {**result, "does": STAYED, "why": _("The record is gone.")}
    why = _removed(client, result) if result["does"] == CREATE else _restored(client, result, person)
    return {**result, "does": STAYED if why else UNDONE, "why": why}


def _removed(client: Client, result: Result) -> str:
    """Deletes a prospect that nobody touched since; why not, in words, where somebody did."""
    if client.version != result["version"] or client.merged_into_id or not _is_untouched(client, result):
        return _("Somebody has worked on the prospect since.")
    client.delete()
    return ""


def _is_untouched(client: Client, result: Result) -> bool:
    """Nothing hangs on the record but what the import itself brought, and that somebody opened it."""
    own = {"prospect": 1, "tags_given": len(result["tags"]), "contact_points": len(result["points"])}
    for relation in Client._meta.related_objects:
        name = relation.get_accessor_name() or relation.name
        if relation.related_model._meta.label in BY_ITSELF or name == "relations":
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: client}).count()
        if rows > own.get(name, 0):
            return False
    return not client.prospect.steps.filter(old_stage__gt="").exists()


def _restored(client: Client, result: Result, person: Person) -> str:
    """Gives the former values back where the import's still stand; names the fields that stay."""
    back, stays = {}, []
    for name, (old, new) in result["changes"].items():
        now = getattr(client, name)
        if (None if now is None else str(now)) == new:
            back[name] = old
        else:
            stays.append(name)
    if back:
        _write(client, back)
    ClientTag.objects.filter(pk__in=result["tags"], client=client).delete()
    for point in ContactPoint.objects.filter(pk__in=result["points"], ended_at=None):
        end_contact_point(actor=person, client=client, point=point)
    return _("Changed since, stays: %(fields)s") % {"fields": ", ".join(stays)} if stays else ""


def _write(client: Client, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(client, name, value)
    client.version += 1
    client.save(update_fields=[*values, "version", "updated_at"])
    renew_readings(client, set(values) & {"short_name"})


def _told(plan: Plan) -> Result:
    told: Result = {"number": plan.row.number, "does": plan.does, "why": plan.why}
    if plan.client is not None:
        told |= {"client": plan.client.pk, "client_no": plan.client.client_no}
    if plan.does == UPDATE:
        told["fields"] = [*plan.changes, *(["tags"] if plan.tags else []), *(kind for kind, _ in plan.points)]
    return told


def _note(made: ClientImport, person: Person, deed: str, results: list[Result]) -> None:
    """One entry a chunk; the clients stand in the import's own results and in their history."""
    counts = dict(Counter(result["does"] for result in results))
    audit.record(actor=person, deed=deed, subject_type="import", subject_id=made.pk, detail=counts)


# Rows of these come by looking at a record or by the house itself.
BY_ITSELF = frozenset({"clients.Opened", "clients.Reading", "clients.ClientChange", "clients.DuplicatePair"})
STEPS: dict[str, tuple[str, Any, str]] = {
    State.CHECKING: ("checked", _try, State.CHECKED),
    State.WORKING: ("done", _apply, State.DONE),
    State.UNDOING: ("undone", _undo, State.UNDONE),
}
