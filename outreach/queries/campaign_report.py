"""What a campaign was and brought, in words: for the report that is filed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import formats
from interactions.models import Channel
from outreach.models import Campaign
from outreach.queries.campaign_results import Compared, Figures, figures

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "campaign.typ"
Number = int | Decimal | None


def facts(campaign: Campaign) -> list[tuple[str, str]]:
    """How it was set up and who stood for it."""
    way = campaign.line.get_adapter_display() if campaign.line else Channel.PHONE.label
    rows = [
        (_("Unit"), campaign.unit.name if campaign.unit else _("The firm")),
        (_("Channel"), way),
        (_("Days"), f"{formats.day(campaign.starts_on)} – {formats.day(campaign.ends_on)}"),
        (_("Audience frozen at"), formats.moment(campaign.frozen_at)),
        (_("Target"), _target(campaign)),
        (_("Days to meet the target"), str(campaign.window_days)),
        (_("Control group in percent"), str(campaign.control_share)),
        (_("Seed of the draw"), str(campaign.seed)),
        (_("Proposed by"), campaign.proposed_by),
        (_("Approved by"), campaign.approved_by or _("Needed no approval")),
        (_("Figures up to"), formats.day(campaign.evaluated_to)),
    ]
    return [(str(words), str(value)) for words, value in rows]


def _target(campaign: Campaign) -> str:
    words = str(campaign.get_target_display())
    if campaign.target_amount:
        words += f" (CNY {formats.money(campaign.target_amount)})"
    return f"{words}: {campaign.product.code} {campaign.product.name}" if campaign.product else words


def way(told: Figures) -> list[tuple[str, Number]]:
    """How far it came and what that cost."""
    rows: list[tuple[str, Number]] = [(line.words, line.count) for line in told.funnel]
    if spent := told.cost:
        rows += [(_("Minutes of calls"), spent.minutes), (_("Messages sent"), spent.messages)]
        rows += [(_("Cost (CNY)"), spent.total), (_("Cost for one who met the target (CNY)"), spent.each)]
    return rows


def content_of(campaign: Campaign, reader: Any) -> dict[str, Any]:
    """All that the report says, of clients in the reader's sight, in the reader's language."""
    told, now = figures(reader, campaign), formats.moment(timezone.now())
    return {
        "title": campaign.name,
        "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "made": _("Made by %(name)s, %(at)s") % {"name": reader.name, "at": now},
        "sentence": _sentence(told.compared[0]),
        "heads": {
            "facts": _("The campaign"), "result": _("Result"), "way": _("How far it came"),
            "left_out": _("Left out because"), "say": _("What to say"), "none": _("None"),
            "method": _("All who were to be contacted beside the control group; 95 % confidence interval by Newcombe's hybrid score method."),  # noqa: E501
        },
        "columns": [
            _("Group"), _("Contacted group"), _("Control group"), _("Difference (points)"),
            _("95 % confidence interval"),
        ],
        "lines": _lines(told.compared),
        "facts": facts(campaign),
        "way": [[words, formats.DASH if count is None else _plain(count)] for words, count in way(told)],
        "left_out": [[one.words, formats.number(one.count)] for one in told.left_out],
        "say": campaign.script,
    }  # fmt: skip


def _plain(count: int | Decimal) -> str:
    return formats.money(count) if isinstance(count, Decimal) else formats.number(count)


def _sentence(everybody: Compared) -> str:
    """The result in one sentence."""
    said = everybody.said
    if said is None:
        return _("Too few clients to say: at least 30 are needed in each group.")
    value, low, high = said.words
    words = _(
        "%(value)s percentage points beside the control group; with 95 %% confidence between %(low)s and %(high)s."  # noqa: E501
    ) % {"value": value, "low": low, "high": high}
    return words if said.is_clear else f"{words} {_('That may be chance.')}"


def _lines(compared: list[Compared]) -> list[dict[str, Any]]:
    """Each line with the places of its interval on one scale, in percent of its width."""
    ends = [abs(end) for line in compared if line.said for end in (line.said.low, line.said.high)]
    reach = max(ends, default=0.0) or 1.0

    def place(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    return [
        {
            "name": line.name,
            "treated": f"{line.treated.percent}  {line.treated.hits}/{line.treated.size}",
            "control": f"{line.control.percent}  {line.control.hits}/{line.control.size}",
            "difference": line.said.words[0] if line.said else _("Too few clients to say"),
            "interval": f"{line.said.words[1]} – {line.said.words[2]}" if line.said else "",
            "places": [place(end) for end in (line.said.low, line.said.value, line.said.high)]
            if line.said else [],
        }
        for line in compared
    ]  # fmt: skip
