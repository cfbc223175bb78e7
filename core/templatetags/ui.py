"""Template tags and filters every page uses: icons, money, dates, tiers, changes, figures' date."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from core import formats
from core.charts.bars import meter

register = template.Library()

TIER_ICONS = {"V5": "gem", "V4": "crown", "V3": "medal", "V2": "shield", "V1": "user-round", "NEW": "sprout"}


@lru_cache(maxsize=512)
def _svg(name: str, size: int, classes: str) -> SafeString:
    extra = {"class": classes} if classes else {}
    text = lucide(name, size=size, stroke_width=1.75, aria_hidden="true", focusable="false", **extra)
    return mark_safe(text)


@register.simple_tag
def icon(name: str, size: int = 18, classes: str = "") -> SafeString:
    """An icon of the lucide set by its name; decoration only, so it is hidden from screen readers."""
    return _svg(name, size, classes)


@register.simple_tag
def still(template: str, **told: Any) -> SafeString:
    """A piece of the page that depends on the language and on what it is told, and on nothing else.

    It is written once and kept; what it is told must be hashable and of few different kinds.
    """
    write = _still.__wrapped__ if settings.DEBUG else _still
    return write(template, get_language() or "", tuple(told.items()))


@lru_cache(maxsize=1024)
def _still(template: str, _language: str, told: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(template, dict(told))


def tier_names() -> dict[str, str]:
    """Default words of the tiers, in the reader's language."""
    return {
        "V5": _("Diamond"),
        "V4": _("Platinum"),
        "V3": _("Gold"),
        "V2": _("Silver"),
        "V1": pgettext("tier", "Standard"),
        "NEW": pgettext("tier", "New"),
    }


@register.simple_tag
def tier(code: str | None, name: str = "") -> SafeString:
    """A tier as icon and word; `name` replaces the default word."""
    if not code:
        return format_html('<span class="muted">{}</span>', formats.DASH)
    return _tier(code, name, get_language() or "")


@lru_cache(maxsize=256)
def _tier(code: str, name: str, _language: str) -> SafeString:
    """A list shows the same few a thousand times; remembered by language."""
    words = name or tier_names().get(code, code)
    icon = _svg(TIER_ICONS.get(code, "user-round"), 14, "")
    return format_html('<span class="tier tier-{}">{}{}</span>', code, icon, words)


register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("money_short", formats.money_short)
register.filter("percent", formats.percent)
register.filter("signed", formats.signed)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("month", formats.month)
register.filter("masked", formats.masked)
register.filter("yes_no", formats.yes_no)


@register.filter
def rise_class(value: Any) -> str:
    """Market colours: `rise`, `fall` or `flat` by the sign of a change."""
    exact = formats.decimal(value)
    if not exact:
        return "flat"
    return "rise" if exact > 0 else "fall"


@register.simple_tag
def delta(value: Any, places: int = 1, unit: str = "", better: str = "") -> SafeString:
    """A change with arrow and sign; `better` (higher, lower) makes it good or poor, not a market colour."""
    exact = formats.decimal(value)
    if exact is None:
        return format_html('<span class="muted">{}</span>', formats.DASH)
    name = "minus" if exact == 0 else ("trending-up" if exact > 0 else "trending-down")
    return format_html(
        '<span class="delta {}">{}{}{}</span>',
        _delta_class(exact, better), _svg(name, 14, ""), formats.signed(exact, places), unit,
    )  # fmt: skip


def _delta_class(value: Decimal, better: str) -> str:
    if value == 0 or not better:
        return rise_class(value)
    return "good" if (value > 0) == (better == "higher") else "poor"


@register.simple_tag
def bar(value: Any, maximum: Any = 100, target: Any = None, tone: str = "") -> SafeString:
    """A thin bar for table cells and score parts, with a mark at `target`; the number stands beside it."""
    return meter(value, maximum, target=target, tone=tone)


STATE_TONES = {
    "done": "ok", "accepted": "ok", "final": "ok", "running": "info", "failed": "bad", "refused": "bad",
    "cancelled": "warn", "quarantined": "warn", "provisional": "warn",
}  # fmt: skip


@register.filter
def state_tone(state: str) -> str:
    """The badge class of a job's, run's or package's state."""
    return STATE_TONES.get(str(state).lower(), "")
