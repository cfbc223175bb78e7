"""Joining two cases about the same matter: the younger ends, its links go to the one that stays."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import clocks, trail
from cases.actions.working import held
from cases.models import Case, CaseFile, CaseLink, State, Watcher
from core import audit
from core.errors import Conflict


@transaction.atomic
def merge(*, actor: audit.Actor, case: Case, into: Case) -> Case:
    """Closes `case` as part of `into`, which gets its conversations, files and watchers.

    Notes stay where they are. Both are of one client or one of them of nobody yet. A complaint is never
    hidden in something else. Raises Conflict.
    """
    first, second = sorted([case, into], key=lambda one: one.pk)
    locked = {one.pk: held(one) for one in (first, second)}
    gone, stays = locked[case.pk], locked.get(into.pk)
    _check(gone, stays)
    assert stays is not None
    now = timezone.now()
    clocks.stop_all(gone, now)
    _move(gone, stays)
    gone.state, gone.state_since, gone.merged_into = State.CLOSED, now, stays
    gone.resolved_at, gone.closed_at = gone.resolved_at or now, now
    gone.version += 1
    gone.save()
    trail.note(actor=actor, case=gone, kind="merged", into=stays.number)
    trail.note(actor=actor, case=stays, kind="joined", case_joined=gone.number)
    return stays


def _check(gone: Case, stays: Case | None) -> None:
    if stays is None or gone.pk == stays.pk:
        raise Conflict(_("A case cannot be joined with itself."))
    if gone.state == State.CLOSED or stays.is_done:
        raise Conflict(_("Only open cases can be joined."))
    if gone.client_id and stays.client_id and gone.client_id != stays.client_id:
        raise Conflict(_("The cases belong to different clients."))
    if gone.is_complaint and not stays.is_complaint:
        raise Conflict(_("A complaint cannot become part of a case that is none."))


def _move(gone: Case, stays: Case) -> None:
    known = set(stays.links.values_list("conversation_id", "interaction_id"))
    CaseLink.objects.bulk_create(
        CaseLink(case=stays, conversation_id=link.conversation_id, interaction_id=link.interaction_id,
                 linked_by=link.linked_by)
        for link in gone.links.all()
        if (link.conversation_id, link.interaction_id) not in known
    )  # fmt: skip
    CaseFile.objects.filter(case=gone).update(case=stays)
    Watcher.objects.bulk_create(
        (Watcher(case=stays, person_id=pk) for pk in gone.watchers.values_list("person_id", flat=True)),
        ignore_conflicts=True,
    )
