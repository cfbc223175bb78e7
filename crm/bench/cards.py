"""The scorecards of a month under the clock: of all units, from nothing, as a night makes them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse

from core import sql
from core.runs import last_finished
from crm import nightly
from crm.bench.clock import bare_scan, seconds, timing
from crm.bench.fill import Say, first_day
from crm.bench.pages import get, signed_in
from kpis.models import Scorecard, TierMonth
from kpis.queries.attention import KINDS
from kpis.queries.report_figures import gather
from kpis.recompute.months import make_month
from kpis.recompute.period import forget, make_period
from kpis.recompute.setup import Setup
from kpis.rules import Period, parse_period
from kpis.rules.periods import MONTH, period_of
from segmentation.models import ModelVersion, TierFigure
from staff.roles import Role

TIMES = 20
SLOW = 1  # second; what is read in more is said to be above


def measure(say: Say) -> None:
    """The last closed and the running month, against the bare scan; then what is read of a card."""
    run = last_finished()
    if run is None:
        say("cards: no night yet; run `./dev.py bench nightly` first")
        return
    yardstick = bare_scan()
    say(f"yardstick: bare serial GROUP BY client_id over the client-months {yardstick:.1f} s")
    closed = (run.as_of.replace(day=1) - timedelta(days=1)).replace(day=1)
    for month in (closed, run.as_of.replace(day=1)):
        _month(say, run.as_of, parse_period(f"{month:%Y-%m}"), yardstick)
    _reads(say)
    _figures(say, run.as_of.replace(day=1) - timedelta(days=1))


@transaction.atomic
def _month(say: Say, as_of: date, period: Period, yardstick: float) -> None:
    """All cards of a month with nothing of it kept; what it writes is taken back."""
    setup, shards = Setup.load(as_of, first_day()), [(lo, hi) for lo, hi in nightly.shards()]
    forget(period.name)
    TierMonth.objects.filter(month=period.start).delete()
    profits = seconds(partial(make_month, period.start))
    spent = seconds(partial(make_period, setup, period, shards))
    cards = Scorecard.objects.filter(period=period.name)
    made = ", ".join(f"{cards.filter(unit_type=kind).count()} {kind}" for kind in _kinds(cards))
    say(f"cards of {period.name} ({made}): {spent:.2f} s, {spent / yardstick:.2f} x the yardstick")
    say(f"  profit by tier of the month before them: {profits:.2f} s")
    transaction.set_rollback(True)


def _kinds(cards: Any) -> list[str]:
    return sorted(set(cards.values_list("unit_type", flat=True)))


def _reads(say: Say) -> None:
    """Cards with what they ask for, the lists behind that, and the league."""
    manager, analyst = signed_in(Role.BRANCH_MANAGER, "5001"), signed_in(Role.VALUE_ANALYST, "HQ")
    own, league = reverse("kpis:scorecard"), reverse("kpis:league")
    pages: dict[str, list[Callable[[], None]]] = {
        "card of a branch": [get(manager, own)] * TIMES,
        "card of the firm": [get(analyst, own, {"unit": "firm"})] * TIMES,
        "league": [get(analyst, league)] * TIMES,
    }
    firm = Scorecard.objects.filter(unit_type="firm", current=True).latest("start", "id")
    asked = reverse("kpis:needs_action", args=[firm.pk])
    pages["what it asks the firm to do"] = [get(analyst, asked)] * TIMES
    for kind in KINDS:
        path = reverse("kpis:attention", args=[firm.pk])
        pages[f"list {kind} of the firm"] = [get(analyst, path, {"kind": kind})] * TIMES
    for name, calls in pages.items():
        found = timing(calls)
        say(f"  {name:<30} p50 {found.p50:7.1f} ms   p95 {found.p95:7.1f} ms")


@transaction.atomic
def _figures(say: Say, close: date) -> None:
    """What a client analysis report of the last closed month says; missing figures of its close are made."""
    if not TierFigure.objects.filter(as_of=close).exists():
        rules = (ModelVersion.objects.serving(close) or ModelVersion.objects.first_version()).rules
        sql.run("segmentation", "tier_figure", {"as_of": close, "is_close": True, **rules.class_params()})
    spent = seconds(partial(gather, period_of(close, MONTH)))
    say(f"  figures of the report of {close:%Y-%m}: {spent:.2f} s{', above 1 s' if spent > SLOW else ''}")
    transaction.set_rollback(True)
