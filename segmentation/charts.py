"""The value model's figures as charts."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.models import Client
from core import formats
from core.charts import (
    Chart,
    Group,
    Matrix,
    Part,
    Series,
    bars,
    concentration,
    donut,
    flow,
    heat_matrix,
    ring,
    sparkline,
    trend,
)
from core.templatetags.ui import tier_names
from segmentation.definition import Definition
from segmentation.models import ScoreClose
from segmentation.queries.overview import Overview, Points
from segmentation.queries.rows import Row
from segmentation.tables import MonthRow, tier_codes, tier_name

MOST_POINTS = 120
Moves = Mapping[tuple[str, str], int]
Urls = Mapping[tuple[str, str], str]


def pareto(points: Points) -> Chart | None:
    """Top x % of clients bring y % of contribution."""
    if not points:
        return None
    return concentration(_("Concentration of value"), [(_("Contribution, 12 months"), thinned(points))])


def thinned(points: Points) -> Points:
    """At most about MOST_POINTS of the points, the ends among them."""
    step = max(1, len(points) // MOST_POINTS)
    kept = points[::step]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]


def groups(rules: Definition) -> list[Group]:
    """The tiers as groups of a migration, highest first, and those without one."""
    names = tier_names()
    found = [
        Group(code, tier_name(rules, code) or names.get(code, code), f"t-{code}")
        for code in tier_codes(rules)
    ]
    return [*found, Group("", pgettext("tier", "None"), "c5")]


def migration_flow(moves: Moves, rules: Definition, urls: Urls | None = None) -> Chart | None:
    return flow(_("Migration between tiers"), _met(rules, moves), moves, urls=urls) if moves else None


def migration_matrix(moves: Moves, rules: Definition, urls: Urls | None = None) -> Matrix | None:
    return heat_matrix(_("Migration between tiers"), _met(rules, moves), moves, urls=urls) if moves else None


def _met(rules: Definition, moves: Moves) -> list[Group]:
    """All tiers; those without one only where there are such."""
    return [group for group in groups(rules) if group.key or any("" in ends for ends in moves)]


def override_matrix(moves: Moves, rules: Definition) -> Matrix | None:
    """Clients by the tier that the rules alone would give and the one they have."""
    return heat_matrix(_("With and without"), _met(rules, moves), moves) if moves else None


def sizes(figures: Overview, rules: Definition) -> Chart | None:
    """Clients by tier as a donut."""
    if not figures.whole.clients:
        return None
    names = tier_names()
    parts = [
        Part(tier_name(rules, code) or names.get(code, code), figures.tiers[code].clients, f"t-{code}")
        for code in tier_codes(rules)
        if code in figures.tiers
    ]
    total = formats.number(figures.whole.clients)
    return donut(_("Clients by tier"), parts, total=total, unit=_("clients"), write=formats.number)


def score_ring(row: Row) -> Chart:
    return ring(
        _("Value score"),
        row.score,
        tone=f"t-{row.tier or 'NEW'}",
        write=lambda value: formats.number(value, 1),
    )


def score_line(client: Client, row: Row) -> Chart | None:
    """The scores at the last 13 closes."""
    past = ScoreClose.objects.filter(client=client, as_of__lte=row.as_of).order_by("-as_of")[:13]
    values = list(past.values_list("score", flat=True))[::-1]
    if sum(value is not None for value in values) < 2:
        return None
    return sparkline(_("Score at the last month closes"), values)


def month_bars(months: Sequence[MonthRow], *, small: bool = False) -> Chart | None:
    """Contribution and service cost by month, oldest first; small for a narrow column."""
    if not months:
        return None
    rows = list(reversed(months))
    series = [
        Series(_("Contribution"), [row.contribution for row in rows], "c1"),
        Series(_("Service cost"), [row.service_cost for row in rows], "c5"),
    ]
    labels = [_month_label(row.month, small) for row in rows]
    return bars(
        _("Contribution by month"),
        labels,
        series,
        write=formats.money_short,
        corner=_("Month"),
        height=_height(small),
    )


def month_assets(months: Sequence[MonthRow], *, small: bool = False) -> Chart | None:
    """Average assets by month, oldest first; small for a narrow column."""
    rows = list(reversed(months))
    if sum(row.assets_avg is not None for row in rows) < 2:
        return None
    series = [Series(_("Average assets"), [row.assets_avg for row in rows])]
    labels = [_month_label(row.month, small) for row in rows]
    return trend(
        _("Average assets by month"),
        labels,
        series,
        write=formats.money_short,
        corner=_("Month"),
        height=_height(small),
    )


def _month_label(month: date, small: bool) -> str:
    return formats.month(month)[2:] if small else formats.month(month)


def _height(small: bool) -> int:
    return 170 if small else 260
