"""A period's cards, in one transaction: passages, counts, arithmetic, then what differs is written.

A period that runs on the as-of date has one revision, updated in place, and so has one that closes with this
run. From then on numbers that change make the next revision, and the passages of older ones are kept. A
period with a signed card is never updated in place nor forgotten, whatever the as-of date: it only gets
revisions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from core import sql
from kpis.models import PeriodBuild, TierMonth
from kpis.queries.frozen import has_frozen
from kpis.recompute import revised, stages
from kpis.recompute.cards import card_rows
from kpis.recompute.setup import Setup
from kpis.rules import Period, parse_period
from kpis.rules.periods import MONTH, period_of

APP = "kpis"
IN_PLACE = (
    "passage_delete", "passage_insert", "line_delete", "card_vanish", "card_in_place", "line_insert",
)  # fmt: skip
NEXT_REVISION = ("card_keep", "card_revise", "line_insert")


Shards = Sequence[tuple[int, int]]
EVERYONE: Shards = ((0, 2**63 - 1),)


def make_period(setup: Setup, period: Period, shards: Shards = EVERYONE) -> int:
    """Makes the cards of a period as of the setup's date; returns the rows written."""
    return make_periods(setup, [period], shards)


@transaction.atomic
def make_periods(
    setup: Setup,
    periods: Sequence[Period],
    shards: Shards = EVERYONE,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Makes the cards of periods that clients went through alike, as `alike` groups them.

    shards: client id ranges that are walked one after the other; small ones stay in the processor's cache.
    ready: returns when the months' profits are there, which the cards stand on and the ways do not.
    """
    builds = [_begin(setup, period) for period in sorted(periods, key=lambda period: period.name)]
    stages.open_stages()
    stages.empty_stages()
    _stage_passages(setup, periods[0], shards)
    ready()
    return sum(_make_cards(setup, parse_period(build.period), build) for build in builds)


def alike(setup: Setup, periods: Iterable[Period]) -> list[list[Period]]:
    """Periods in groups that one pass over the clients serves: a quarter and its first month, say."""
    groups: dict[tuple[Any, ...], list[Period]] = defaultdict(list)
    for period in periods:
        groups[tuple(_way(setup, period).values())].append(period)
    return list(groups.values())


def _make_cards(setup: Setup, period: Period, build: PeriodBuild) -> int:
    sql.run(APP, "fresh_passage_of", {"period": period.name})
    stages.empty_stages("freshcard")
    stages.copy_rows("freshcard", card_rows(setup, period))
    stages.analyze("freshcard")
    stays = build.as_of >= period.end or has_frozen(period.name)
    written = revised.telling(period, lambda: _revise(setup, period, build)) if stays else _replace(period)
    build.as_of, build.settings = setup.as_of, setup.settings(period)
    build.save()
    return written


def _begin(setup: Setup, period: Period) -> PeriodBuild:
    """The period's build, locked; a card closed by a later run starts anew when its period runs again."""
    fresh = {"start": period.start, "end": period.end, "as_of": date.min, "settings": ""}
    PeriodBuild.objects.bulk_create([PeriodBuild(period=period.name, **fresh)], ignore_conflicts=True)
    build = PeriodBuild.objects.select_for_update().get(pk=period.name)
    if setup.as_of < period.end <= build.as_of and not has_frozen(period.name):
        forget(period.name)
        build = PeriodBuild(period=period.name, **fresh)
    return build


def _way(setup: Setup, period: Period) -> dict[str, Any]:
    """What the ways of clients through a period depend on, besides the facts."""
    end = period.reckoned_to(setup.as_of)
    serving = setup.model(end)
    return {
        "start": period.start,
        "end": end,
        "undo_days": setup.rules(period).undo_days,
        "is_rescored": setup.model(period.opening_day).number != serving.number,
        "is_close": end == period_of(end, MONTH).end,
        "model_version": serving.key,
    }


def _stage_passages(setup: Setup, period: Period, shards: Shards) -> None:
    params = _way(setup, period)
    sql.allow_nested_loops(False)
    for lo, hi in shards:
        sql.run(APP, "way_stage", {**params, "lo": lo, "hi": hi})
    sql.allow_nested_loops(True)
    stages.analyze("freshway")
    sql.run(APP, "way_returned", {})
    sql.run(APP, "fresh_passage", {"period": period.name, **setup.units.params})
    stages.analyze("freshpassage")


def _replace(period: Period) -> int:
    """Writes the one revision of a running period in place."""
    params = {"period": period.name, "build": 1}
    return sum(sql.run(APP, statement, params) for statement in IN_PLACE)


def _revise(setup: Setup, period: Period, build: PeriodBuild) -> int:
    """Adds the next revision of the cards that came out otherwise."""
    params = {"period": period.name, "build": build.number + 1}
    passages = sql.run(APP, "passage_close", params) + sql.run(APP, "passage_insert", params)
    if passages:
        build.number += 1
    params["build"] = build.number
    retired = sql.run(APP, "card_retire", params | {"merged_codes": setup.units.merged_codes})
    return passages + retired + sum(sql.run(APP, statement, params) for statement in NEXT_REVISION)


def forget(name: str) -> None:
    """Removes the cards, passages and build of a period without signed cards."""
    for part in ("confirmations", "lines", "cards", "passages"):
        sql.run(APP, f"period_forget_{part}", {"period": name})
    PeriodBuild.objects.filter(pk=name).delete()


@transaction.atomic
def forget_later(as_of: date) -> None:
    """Removes what later runs made of periods and months that have not begun by the as-of date."""
    TierMonth.objects.filter(month__gt=as_of).delete()
    for name in PeriodBuild.objects.filter(start__gt=as_of).values_list("period", flat=True):
        if not has_frozen(name):
            forget(name)
