"""Looking for records that may be one client, and deciding that two are not."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.actions import trail
from clients.models import DuplicatePair
from clients.queries.duplicates import MOST, SHARED_BY_MANY, WORTH
from core import jobs, sql
from core.errors import Conflict
from core.models import Job
from staff.models import Person

KIND = "clients.tasks.find_duplicates"
LOCK = 7_011_021  # one search at a time; two would wait for each other row by row
MEMORY = "256MB"  # for grouping a million records without writing them to disk in between


@transaction.atomic
def find_duplicates() -> int:
    """Finds all pairs anew; returns how many are new or look otherwise than before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT set_config('work_mem', %s, true)", [MEMORY])
    worth = {f"{reason}_worth": points for reason, points in WORTH.items()}
    return sql.run("clients", "duplicate_pairs", {"most": SHARED_BY_MANY, "top": MOST, **worth})


@transaction.atomic
def start_search(*, actor: Person) -> Job:
    """A job that looks now; the one that is under way instead of a second."""
    unfinished = Job.objects.filter(kind=KIND, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return unfinished.first() or jobs.start(kind=KIND, title=gettext_noop("Find duplicates"), owner=actor)


@transaction.atomic
def dismiss(*, actor: Person, pair: DuplicatePair, reason: str) -> DuplicatePair:
    """Says that the two are different clients; the pair is not shown again. Raises Conflict when decided."""
    pair = DuplicatePair.objects.select_for_update().select_related("left__branch", "right").get(pk=pair.pk)
    if pair.state != DuplicatePair.State.OPEN:
        raise Conflict(_("Somebody has decided on this pair already."), code="decided")
    pair.state, pair.dismiss_reason = DuplicatePair.State.DISMISSED, reason
    pair.dismissed_by, pair.dismissed_at = actor, timezone.now()
    pair.save()
    trail.note(
        actor=actor,
        deed="client.duplicate_dismissed",
        client=pair.left,
        detail={"other": pair.right.client_no, "reason": reason, "reasons": pair.reasons},
    )
    return pair
