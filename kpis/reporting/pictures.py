"""A section's figures as charts and tables, in the reader's language; the same for page, PDF and XLSX."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.charts import Chart, Group, Series, bars, concentration, flow, waterfall
from core.charts.bars import Step
from core.templatetags.ui import tier_names
from interactions.models import Channel
from kpis.exports.tables import Table, indicator_words
from kpis.models import UnitType
from kpis.rules import half_up
from kpis.rules.scheme import INDICATORS

MOST_BARS = 20
Figures = Mapping[str, Any]


def charts_of(section: str, figures: Figures) -> list[Chart]:
    """The pictures of a section; none where there is nothing to draw."""
    return [chart for chart in CHARTS[section](figures) if chart is not None]


def tables_of(section: str, figures: Figures) -> list[Table]:
    """The tables of a section; every cell is a text or an exact number."""
    return TABLES[section](figures) if section in TABLES else []


def _exact(value: Any) -> Decimal | None:
    return formats.decimal(value)


def tier_word(code: str) -> str:
    return tier_names().get(code, code) if code else _("Without a tier")


def _movement(figures: Figures) -> list[Chart | None]:
    counts = figures["counts"]
    if not counts:
        return [None]
    changes = (
        ("N", _("New"), 1), ("R", _("Reactivated"), 1), ("T_in", _("In"), 1), ("L", _("Lost"), -1),
        ("L_in", _("Lost after in"), -1), ("X", _("Excluded"), -1), ("T_out", _("Out"), -1),
    )  # fmt: skip
    steps = [Step(_("Held at the start"), counts["B"], total=True)]
    steps += [Step(words, sign * counts[name]) for name, words, sign in changes if counts[name]]
    steps.append(Step(_("Held at the end"), counts["E"], total=True))
    return [waterfall(_("From the clients at the start to those at the end"), steps, write=formats.number)]


def _segments(figures: Figures) -> list[Chart | None]:
    rows = [row for row in figures["tiers"] if row["code"]]
    labels = [tier_word(row["code"]) for row in rows]
    before, now = _("The month before"), _("End of the month")
    clients = [
        Series(before, [row["clients_before"] for row in rows], "c5"),
        Series(now, [row["clients"] for row in rows], "c1"),
    ]
    value = [
        Series(before, [_exact(row["contribution_before"]) for row in rows], "c5"),
        Series(now, [_exact(row["contribution"]) for row in rows], "c2"),
    ]
    return [
        bars(_("Clients by tier"), labels, clients, write=formats.number, corner=_("Tier")),
        bars(
            _("Contribution by tier, 12 months"), labels, value, write=formats.money_short, corner=_("Tier")
        ),
    ]


def _migration(figures: Figures) -> list[Chart | None]:
    moves = {(a, b): count for a, b, count in figures["moves"]}
    if not moves:
        return [None]
    groups = [Group(code, tier_word(code), f"t-{code}") for code in ("V5", "V4", "V3", "V2", "V1", "NEW")]
    groups.append(Group("", pgettext("tier", "None"), "c5"))
    return [flow(_("Migration between tiers"), groups, moves)]


def _concentration(figures: Figures) -> list[Chart | None]:
    names = {"now": _("End of the month"), "before": _("The month before")}
    curves = [
        (names[name], [(x, y) for x, y in figures["curves"][name]])
        for name in names
        if figures["curves"][name]
    ]
    return [concentration(_("Concentration of value"), curves)] if curves else [None]


def _at_risk(figures: Figures) -> list[Chart | None]:
    rows = figures["tiers"]
    if not rows:
        return [None]
    labels = [tier_word(row["tier"]) for row in rows]
    series = [
        Series(_("At risk"), [row["at_risk"] for row in rows], "bad"),
        Series(_("Dormant assets"), [row["dormant_asset"] for row in rows], "warn"),
    ]
    return [bars(_("Flagged clients by tier"), labels, series, write=formats.number, corner=_("Tier"))]


def _units(figures: Figures) -> list[Chart | None]:
    rows = [row for row in figures["units"] if row["kind"] == UnitType.BRANCH and row["total"]][:MOST_BARS]
    if not rows:
        return [None]
    series = [Series(_("Total score"), [_exact(row["total"]) for row in rows])]
    title = _("Total score of branches")
    return [bars(title, [row["name"] for row in rows], series, write=_points, corner=_("Branch"))]


def _points(value: Any) -> str:
    return formats.number(value, 1)


def _service(figures: Figures) -> list[Chart | None]:
    rows = figures["channels"]
    if not rows:
        return [None]
    words = dict(Channel.choices)
    series = [
        Series(_("The month before"), [row["before"] for row in rows], "c5"),
        Series(_("This month"), [row["contacts"] for row in rows], "c1"),
    ]
    labels = [str(words.get(row["channel"], row["channel"])) for row in rows]
    return [bars(_("Contacts by channel"), labels, series, write=formats.number, corner=_("Channel"))]


CHARTS: dict[str, Callable[[Figures], Sequence[Chart | None]]] = {
    "movement": _movement, "segments": _segments, "migration": _migration, "concentration": _concentration,
    "at_risk": _at_risk, "units": _units, "service": _service,
}  # fmt: skip


def _tier_table(figures: Figures) -> list[Table]:
    head = [_("Tier"), _("Clients"), _("The month before"), _("Contribution, 12 months"),
            _("The month before"), _("Assets")]  # fmt: skip
    rows = [
        [tier_word(row["code"]), row["clients"], row["clients_before"],
         *(_exact(row[name]) for name in ("contribution", "contribution_before", "assets"))]
        for row in figures["tiers"]
    ]  # fmt: skip
    return [Table(_("Segments: size and value"), head, rows)]


def _move_table(figures: Figures) -> list[Table]:
    rows = [[tier_word(a), tier_word(b), count] for a, b, count in figures["moves"]]
    return [Table(_("Migration between tiers"), [_("From tier"), _("To tier"), _("Clients")], rows)]


def _curve_table(figures: Figures) -> list[Table]:
    rows = [[formats.decimal(x), formats.decimal(y)] for x, y in figures["curves"]["now"]]
    return [Table(_("Where value concentrates"), [_("Share of clients"), _("Share of value")], rows)]


def _risk_table(figures: Figures) -> list[Table]:
    head = [_("Tier"), _("At risk"), _("Dormant assets"), _("Contribution they bring, 12 months")]
    rows = [
        [tier_word(row["tier"]), row["at_risk"], row["dormant_asset"], _exact(row["contribution"])]
        for row in figures["tiers"]
    ]
    return [Table(_("Clients at risk"), head, rows)]


def _unit_table(figures: Figures) -> list[Table]:
    words = indicator_words()
    head = [_("Unit"), _("Place"), _("Total score"), _("Against the month before"), _("Clients"),
            *(words[name] for name in INDICATORS)]  # fmt: skip
    rows = [
        [row["name"], row["place"], _rounded(row["total"]), _rounded(row["change"]), row["clients"],
         *(_rounded(row["scores"][name]) for name in INDICATORS)]
        for row in figures["units"]
    ]  # fmt: skip
    return [Table(_("Regions and branches"), head, rows)]


def _rounded(value: Any) -> Decimal | None:
    return half_up(_exact(value), 4)


def _channel_table(figures: Figures) -> list[Table]:
    words = dict(Channel.choices)
    rows = [
        [str(words.get(row["channel"], row["channel"])), row["contacts"], row["before"]]
        for row in figures["channels"]
    ]
    return [Table(_("Service of the month"), [_("Channel"), _("Contacts"), _("The month before")], rows)]


TABLES: dict[str, Callable[[Figures], list[Table]]] = {
    "segments": _tier_table, "migration": _move_table, "concentration": _curve_table, "at_risk": _risk_table,
    "units": _unit_table, "service": _channel_table,
}  # fmt: skip
