"""The curves of a draft: copies of a version's, and for the kinds that are renewed quantiles of a day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from core import sql
from core.errors import Conflict
from core.runs import last_finished
from segmentation.definition import POSITIVE
from segmentation.interpolation import lines
from segmentation.models import Breakpoint, DraftCurve, ModelDraft

Found = tuple[str, str, Sequence[Decimal]]  # kind, indicator, quantiles


def take_curves(draft: ModelDraft) -> None:
    """Makes the draft's curves from its base and, for renewed kinds, from the clients scored on its day.

    Raises Conflict when nobody of the renewed kinds is scored that day.
    """
    indicators = {one.code: one for one in draft.rules.indicators}
    taken = list(_taken(draft))
    if draft.renew_kinds and not taken:
        raise Conflict(_("No client is scored on %(day)s.") % {"day": draft.renew_on}, code="nobody_scored")
    made = []
    for kind, code, quantiles in [*_kept(draft), *taken]:
        xs, starts, slopes = lines(indicators[code], quantiles)
        made.append(
            DraftCurve(draft=draft, kind=kind, indicator=code, quantiles=quantiles, xs=xs, starts=starts,
                       slopes=slopes)
        )  # fmt: skip
    DraftCurve.objects.filter(draft=draft).delete()
    DraftCurve.objects.bulk_create(made)


def _kept(draft: ModelDraft) -> Iterator[Found]:
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    points = Breakpoint.objects.filter(model_version=draft.base).exclude(kind__in=draft.renew_kinds)
    for point in points.order_by("kind", "indicator", "p"):
        found[point.kind, point.indicator].append(point.value)
    for (kind, indicator), quantiles in found.items():
        yield kind, indicator, quantiles


def _taken(draft: ModelDraft) -> Iterator[Found]:
    if not draft.renew_kinds:
        return
    run = last_finished()
    params = {
        "as_of": draft.renew_on,
        "is_night": run is not None and run.as_of == draft.renew_on,
        "kinds": list(draft.renew_kinds),
        "positive_names": [one.code for one in draft.rules.indicators if one.ranks == POSITIVE],
    }
    for row in sql.rows("segmentation", "draft_quantiles", params):
        yield row["kind"], row["indicator"], row["quantiles"]
