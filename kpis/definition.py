"""What a scheme says in words, and how two differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formats
from core.templatetags.ui import tier_names
from kpis.exports.tables import indicator_words
from kpis.models import SchemeVersion, UnitType
from kpis.queries.schemes import serving_on, versions
from kpis.rules import Scheme
from kpis.rules.rewards import CLIENTS, EQUAL, GIVEN, LINEAR, STEPS, RewardRule
from kpis.rules.scheme import INDICATORS, PROFITABILITY, GroupRule
from kpis.rules.told_scheme import plain


@dataclass(frozen=True)
class Section:
    """A part of the definition: a title and its sentences."""

    title: str
    lines: list[str]


@dataclass(frozen=True)
class Change:
    """One thing that two schemes say differently, in words."""

    words: str
    before: str
    after: str


def definition(scheme: Scheme) -> list[Section]:
    """The scheme in sentences, as people agree to it."""
    return [
        Section(_("Indicators and weights"), _weights(scheme)),
        Section(_("Groups of tiers"), [_group(rule) for rule in scheme.groups]),
        Section(_("From rate to score"), _scores(scheme)),
        Section(_("Small bases"), _small_bases(scheme)),
        Section(_("Total"), _total(scheme)),
        *([Section(_("Rewards"), _rewards(scheme))] if scheme.rewards else []),
    ]


def _weights(scheme: Scheme) -> list[str]:
    formulas = {
        "new": _("new clients N / clients held at the start B; higher is better"),
        "lost": _("lost clients L / clients held at the start B; lower is better"),
        "upgraded": _("upgraded U / stayers below the top tier with a tier at the start (S - S_top - S_new)"),
        PROFITABILITY: _("contribution of a group's client-months / its average clients; higher is better"),
    }
    names = indicator_words()
    return [
        _("%(name)s, weight %(weight)s: %(formula)s.")
        % {"name": names[name], "weight": plain(scheme.weights[name]), "formula": formulas[name]}
        for name in INDICATORS
    ]


def _group(rule: GroupRule) -> str:
    words = tier_names()
    tiers = ", ".join(words.get(tier, tier) for tier in rule.tiers)
    return _("Group %(name)s, weight %(weight)s: %(tiers)s.") % {
        "name": rule.name, "weight": plain(rule.weight), "tiers": tiers,
    }  # fmt: skip


def _scores(scheme: Scheme) -> list[str]:
    return [
        _("Score = 100 × (value − floor) / (target − floor), not below 0, not above %(cap)s.")
        % {"cap": plain(scheme.cap)},
        _("Profitability is the mean of its groups' scores by their weights; a group without clients or "
          "without floor and target gives its weight to the others."),
        _("A loss within %(days)s days after a transfer counts at the sending unit.")
        % {"days": scheme.undo_days},
    ]  # fmt: skip


def _small_bases(scheme: Scheme) -> list[str]:
    return [
        _("A rate on fewer than %(least)s clients is mixed with %(added)s clients at the firm's rate.")
        % {"least": scheme.small_base, "added": scheme.base_added},
        _("A group of fewer than %(least)s average clients is mixed with %(added)s clients at the firm's "
          "contribution per client.") % {"least": scheme.small_group, "added": scheme.group_added},
        _("The upgraded rate needs %(months)s loaded months before the period.")
        % {"months": scheme.months_behind},
    ]  # fmt: skip


def _total(scheme: Scheme) -> list[str]:
    return [
        _("The total is the mean of the scores by weight. A missing indicator gives its weight to the others "
          "when at least %(share)s of the weight is there; else there is no total.")
        % {"share": formats.percent(scheme.share_needed, 1)},
    ]  # fmt: skip


def _rewards(scheme: Scheme) -> list[str]:
    return [f"{kind}: {reward_words(rule)}" for kind, rule in _by_kind(scheme)]


def _by_kind(scheme: Scheme) -> list[tuple[str, RewardRule]]:
    """The rule of each kind of unit that has one, by the kind's name."""
    return [(str(kind.label), scheme.rewards[kind]) for kind in UnitType if kind in scheme.rewards]


def reward_words(rule: RewardRule) -> str:
    """How scores become coefficients, and what these are multiplied with."""
    points = ", ".join(f"{plain(score)} → {plain(value)}" for score, value in rule.points)
    words = {
        STEPS: _("coefficient by steps from the score (%(points)s)"),
        LINEAR: _("coefficient on lines between scores (%(points)s)"),
    }
    return f"{words[rule.kind] % {'points': points}} × {base_words()[rule.base]}"


def base_words() -> dict[str, str]:
    return {
        CLIENTS: _("clients held at the end"),
        EQUAL: _("one for each unit"),
        GIVEN: _("a number given for each unit"),
    }


def differences(before: Scheme, after: Scheme) -> list[Change]:
    """What the later scheme says otherwise, in the order of the form; empty when they agree."""
    pairs = ((words, one, other) for words, one, other in _side_by_side(before, after))
    return [Change(words, one, other) for words, one, other in pairs if one != other]


def _side_by_side(before: Scheme, after: Scheme) -> Iterator[tuple[str, str, str]]:
    names = indicator_words()
    for name in INDICATORS:
        words = _("Weight of %(name)s") % {"name": names[name]}
        yield words, plain(before.weights[name]), plain(after.weights[name])
    groups = dict.fromkeys(rule.name for rule in (*before.groups, *after.groups))
    for name in groups:
        yield _("Group %(name)s") % {"name": name}, _group_words(before, name), _group_words(after, name)
    for kind in UnitType:
        words = _("Rewards: %(kind)s") % {"kind": kind.label}
        yield words, _reward_of(before, kind), _reward_of(after, kind)
    for field, words in number_words().items():
        yield words, _number(getattr(before, field)), _number(getattr(after, field))


def _reward_of(scheme: Scheme, kind: UnitType) -> str:
    rule = scheme.rewards.get(kind)
    return reward_words(rule) if rule else formats.DASH


def _group_words(scheme: Scheme, name: str) -> str:
    rule = next((rule for rule in scheme.groups if rule.name == name), None)
    return f"{' '.join(rule.tiers)} × {plain(rule.weight)}" if rule else formats.DASH


def _number(value: Decimal | int) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def number_words() -> dict[str, str]:
    """The single numbers of a scheme, as forms and differences name them."""
    return {
        "cap": _("Highest score"),
        "small_base": _("A rate's base is small below"),
        "base_added": _("Clients mixed into a small base"),
        "small_group": _("A group is small below"),
        "group_added": _("Clients mixed into a small group"),
        "share_needed": _("Share of the weight a total needs"),
        "undo_days": _("Days of undone transfers"),
        "months_behind": _("Months the upgraded rate needs"),
    }


@dataclass(frozen=True)
class Listed:
    """A version with what it changed."""

    version: SchemeVersion
    changes: list[Change]
    serving: bool


def listed(today: date) -> list[Listed]:
    """Every version with its differences to the one before; serving: the one for periods that start now."""
    found = list(versions())
    serving = serving_on(today.replace(day=1))
    schemes = [one.as_rules() for one in found]
    return [
        Listed(
            version, differences(earlier, schemes[at]) if earlier else [], version.pk == serving.pk
        )
        for at, (version, earlier) in enumerate(zip(found, [*schemes[1:], None], strict=True))
    ]  # fmt: skip
