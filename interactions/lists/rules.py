"""Routing rules in words, as the list of rules and the trial show them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import formats
from core.templatetags.ui import tier_names
from interactions.models import Channel, RoutingRule

Target = RoutingRule.Target


@dataclass(frozen=True)
class RuleRow:
    """A rule in words. Without conditions it holds for everything."""

    rule: RoutingRule
    conditions: list[str]
    target: str
    changeable: bool = False


def row_of(rule: RoutingRule, lines: Mapping[str, str], *, changeable: bool = False) -> RuleRow:
    """lines: names of lines by code."""
    return RuleRow(rule, _conditions(rule, lines), target_words(rule), changeable)


def target_words(rule: RoutingRule) -> str:
    """Whom the rule gives contacts to."""
    words = str(rule.get_target_display())
    if rule.target == Target.SKILLED:
        return f"{words}: {rule.skill}"
    return f"{words}: {rule.unit}" if rule.target == Target.UNIT and rule.unit else words


def _conditions(rule: RoutingRule, lines: Mapping[str, str]) -> list[str]:
    names, tiers = dict(Channel.choices), tier_names()
    found = [
        _either([str(names.get(code, code)) for code in rule.channels]),
        _either([f"{code} {tiers.get(code, '')}".strip() for code in rule.tiers]),
        _either([lines.get(code, code) for code in rule.lines]),
        {True: _("Known clients"), False: _("Nobody knows yet who it is"), None: ""}[rule.known],
        _waited(rule.waited_seconds),
    ]
    return [words for words in found if words]


def _either(words: list[str]) -> str:
    return " / ".join(words)


def _waited(seconds: int) -> str:
    if not seconds:
        return ""
    return _("Has waited %(seconds)s s or longer") % {"seconds": formats.number(seconds)}
