"""The client page's pictures of trading."""

from django.utils.translation import gettext as _

from core import formats
from core.charts import Chart, Part, donut
from trading.positions import Positions

SLICES = 5


def holdings_donut(positions: Positions) -> Chart | None:
    """What the assets are made of: cash, the largest groups of holdings, and the rest."""
    groups = sorted(positions.by_family.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [(_("Cash balance"), positions.cash), *groups[:SLICES]]
    rest = sum(value for _name, value in groups[SLICES:])
    if rest:
        parts.append((_("Remaining groups"), rest))
    shown = [Part(name, value) for name, value in parts if value > 0]
    if not shown:
        return None
    number, _space, unit = formats.money_short(positions.total).partition(" ")
    return donut(_("What the assets are made of"), shown, total=number, unit=unit, write=formats.money_short)
