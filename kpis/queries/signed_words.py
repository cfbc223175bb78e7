"""What a card's numbers mean, in words: kept with a sign-off, so that nobody has to guess it later."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import formats
from kpis.definition import Section, definition
from kpis.exports.tables import count_words, indicator_words
from kpis.models import Scorecard
from kpis.queries.shape import plain
from kpis.rules import Targets
from kpis.rules.scheme import RATES, Limits, Scheme

IDENTITY = "E = B + N + R - L - L_in - X + T_in - T_out"
Kept = dict[str, list[dict[str, Any]]]  # language -> sections, each with title and lines


def meaning(card: Scorecard) -> Kept:
    """By what the card itself was scored with: its scheme, and the floors and targets among its inputs."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = [asdict(section) for section in _sections(card)]
    return found


def in_language(kept: Kept, language: str) -> list[dict[str, Any]]:
    """The kept sections in a language, else in the one that users see first."""
    return kept.get(language) or kept[settings.LANGUAGE_CODE]


def _sections(card: Scorecard) -> list[Section]:
    scheme, targets = card.scheme.as_rules(), Targets.from_json(card.inputs["targets"])
    return [
        Section(_("What was signed"), _card(card)),
        *definition(scheme),
        Section(_("Floors and targets"), _limits(scheme, targets)),
        Section(_("Counts"), [IDENTITY, *(f"{name}: {words}" for name, words in count_words().items())]),
    ]


def _card(card: Scorecard) -> list[str]:
    told = {
        "unit": f"{card.unit_title} {card.unit_code}".strip(), "period": card.period,
        "start": formats.day(card.start), "end": formats.day(card.end), "revision": card.revision,
        "day": formats.day(card.as_of),
    }  # fmt: skip
    versions = {"scheme": card.scheme.number, "model": card.model_version or formats.DASH}
    return [
        _("%(unit)s, %(period)s (%(start)s to %(end)s), revision %(revision)s as of %(day)s.") % told,
        _("Scheme version %(scheme)s, model version %(model)s.") % versions,
    ]


def _limits(scheme: Scheme, targets: Targets) -> list[str]:
    words = indicator_words()
    rates = [_ends(words[name], targets.rates.get(name)) for name in RATES]
    names = [(_("Group %(name)s") % {"name": rule.name}, rule.name) for rule in scheme.groups]
    return [*rates, *(_ends(title, targets.groups.get(name)) for title, name in names)]


def _ends(name: str, limits: Limits | None) -> str:
    if limits is None:
        return _("%(name)s: no floor and target, so it is missing.") % {"name": name}
    told = {"name": name, "floor": plain(limits.floor), "target": plain(limits.target)}
    return _("%(name)s: floor %(floor)s, target %(target)s.") % told
