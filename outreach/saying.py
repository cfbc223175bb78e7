"""Rules of repetition and deeds in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats
from outreach import recurrence

DAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
DEEDS: dict[str, Any] = {
    "changed": gettext_lazy("changed"),
    "moved": gettext_lazy("moved"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("cancelled"),
    "reopened": gettext_lazy("reopened"),
    "snoozed": gettext_lazy("snoozed"),
    "assigned": gettext_lazy("given on"),
    "taken_back": gettext_lazy("taken back"),
}


def repeat_words(repeat: str, business: str) -> str:
    """ "Every 2 weeks: Monday, Friday, until 2026-12-31"; '' for what does not repeat."""
    if not repeat:
        return ""
    rule = recurrence.parse(repeat)
    parts = [_how_often(rule)]
    if rule.weekdays:
        parts.append(_(", ").join(str(DAYS[day]) for day in rule.weekdays))
    if rule.month_day is not None:
        last = rule.month_day == -1
        parts.append(_("on the last day") if last else _("on day %(day)s") % {"day": rule.month_day})
    parts += _about_closed_days(business)
    if rule.until:
        parts.append(_("until %(day)s") % {"day": formats.day(rule.until)})
    return " · ".join(parts)


def deed_words(deed: str) -> str:
    return str(DEEDS.get(deed, deed))


def _how_often(rule: recurrence.Rule) -> str:
    every = rule.interval
    words = {
        recurrence.DAILY: ngettext("Every day", "Every %(every)s days", every),
        recurrence.WEEKLY: ngettext("Every week", "Every %(every)s weeks", every),
        recurrence.MONTHLY: ngettext("Every month", "Every %(every)s months", every),
    }
    return words[rule.frequency] % {"every": every}


def _about_closed_days(business: str) -> list[str]:
    words = {
        "skip": _("on trading days only"),
        "before": _("else on the trading day before"),
        "after": _("else on the trading day after"),
    }
    return [words[business]] if business else []
