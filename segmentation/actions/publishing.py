"""Deeds on the value model: publishing a version's breakpoints."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import trading.queries
from clients.models import FIRST_DAY
from core import audit, sql
from core.audit import Actor
from core.errors import Conflict
from core.models import Run
from segmentation.dates import is_month_end, last_close, month_of, months_between
from segmentation.definition import POSITIVE
from segmentation.interpolation import lines
from segmentation.models import Breakpoint, ClientScore, Curve, ModelVersion, ScoreClose
from trading.models import StaleMark

MONTHS_NEEDED = 12


@transaction.atomic
def publish_breakpoints(
    *, as_of: date, proposer: Actor, approver: Actor, short_history: bool = False
) -> ModelVersion:
    """Takes the quantiles of the clients scored on a day into a version of the model and puts it into force.

    The first time this fills version 1, which then serves all closes; later a new version with the same
    definition is made, which serves closes and nights from `as_of` on (S2). The next run scores them anew.
    Raises Conflict when no figures of the day are kept, when a run is under way, when fewer than 12 closed
    months are loaded and `short_history` is not set (S14), or when a later version is in force already.
    """
    newest = ModelVersion.objects.select_for_update().order_by("-number")[0]
    _check(newest, as_of, short_history)
    version = newest if newest.breakpoints_as_of is None else _next_version(newest, as_of)
    taken = sql.run("segmentation", "breakpoint", _params(version, as_of))
    if not taken:
        raise Conflict(_("No client is scored on %(day)s.") % {"day": as_of}, code="nobody_scored")
    _draw_curves(version)
    _put_into_force(version, as_of, proposer, approver)
    mark_stale(version, as_of)
    audit.record(
        actor=proposer, deed="model.published", subject_type="model_version", subject_id=version.number,
        detail={"as_of": as_of, "approved_by": approver.actor_name, "short_history": version.short_history},
    )  # fmt: skip
    return version


def is_first_publication() -> bool:
    """Whether no version has breakpoints yet."""
    return not ModelVersion.objects.filter(breakpoints_as_of__isnull=False).exists()


def _check(newest: ModelVersion, as_of: date, short_history: bool) -> None:
    refuse_during_a_run()
    refuse_before_newest(newest, as_of)
    if not _kept(as_of):
        words = _("No figures of %(day)s are kept; run the nightly as of that day first.")
        raise Conflict(words % {"day": as_of}, code="no_figures")
    if loaded_months(as_of) < MONTHS_NEEDED and not short_history:
        words = _(
            "Only %(months)s closed months are loaded; 12 are needed, or say that the history is short."
        )
        raise Conflict(words % {"months": loaded_months(as_of)}, code="short_history")


def refuse_during_a_run() -> None:
    """A run that has begun would score some clients by one version and some by another."""
    if Run.objects.filter(state=Run.State.RUNNING).exists():
        raise Conflict(_("A nightly run is under way; publish when it has finished."), code="run_under_way")


def refuse_before_newest(newest: ModelVersion, day: date) -> None:
    """Raises Conflict for a day before the newest version is in force."""
    if newest.serves_from is not None and day < newest.serves_from:
        words = _("Version %(number)s is in force from %(day)s; choose that day or a later one.")
        raise Conflict(words % {"number": newest.number, "day": newest.serves_from}, code="later_version")


def loaded_months(as_of: date) -> int:
    """How many months from the first loaded one have closed on or before a day (S14)."""
    return len(months_between(trading.queries.first_month(as_of), last_close(as_of)))


def _kept(as_of: date) -> bool:
    source = ScoreClose if is_month_end(as_of) else ClientScore
    return source.objects.filter(as_of=as_of).exists()


def _next_version(newest: ModelVersion, as_of: date) -> ModelVersion:
    return ModelVersion.objects.create(
        number=newest.number + 1, definition=newest.definition, serves_from=as_of
    )


def _params(version: ModelVersion, as_of: date) -> dict[str, object]:
    positive = [indicator.code for indicator in version.rules.indicators if indicator.ranks == POSITIVE]
    return {
        "model_version": version.pk,
        "as_of": as_of,
        "is_close": is_month_end(as_of),
        "positive_names": positive,
    }


def _draw_curves(version: ModelVersion) -> None:
    quantiles: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for point in Breakpoint.objects.filter(model_version=version).order_by("kind", "indicator", "p"):
        quantiles[point.kind, point.indicator].append(point.value)
    indicators = {indicator.code: indicator for indicator in version.rules.indicators}
    curves = []
    for (kind, code), values in quantiles.items():
        xs, starts, slopes = lines(indicators[code], values)
        curves.append(
            Curve(model_version=version, kind=kind, indicator=code, xs=xs, starts=starts, slopes=slopes)
        )
    Curve.objects.bulk_create(curves)


def _put_into_force(version: ModelVersion, as_of: date, proposer: Actor, approver: Actor) -> None:
    version.breakpoints_as_of = as_of
    version.short_history = loaded_months(as_of) < MONTHS_NEEDED
    version.proposed_by, version.approved_by = proposer.actor_name, approver.actor_name
    version.published_at = timezone.now()
    version.save()


def mark_stale(version: ModelVersion, as_of: date | None = None) -> None:
    """Every close the version serves is to be scored anew by the next run; as_of: of the first version."""
    if version.serves_from is None:
        assert as_of is not None
        month, told_on = trading.queries.first_month(as_of), FIRST_DAY
    else:
        month, told_on = month_of(version.serves_from), version.serves_from
    StaleMark.objects.create(client=None, month=month, told_on=told_on)
