"""Every text shown has its Chinese words, once, with the same places to fill in."""

import io
import re
from collections.abc import Iterator

from babel.messages.catalog import Message
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from core import translations
from core.registry import client_panels, conversation_panels, menu_entries, trial_parts, worklists
from tests.architecture import LAYERS, ROOT

KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def _python_sources() -> Iterator[tuple[str, bytes]]:
    """Python files, and templates turned into what gettext can read."""
    for app in LAYERS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_bytes()
    for pattern in ("templates/**/*.html", "templates/**/*.txt", "*/templates/**/*.html"):
        for path in sorted(ROOT.glob(pattern)):
            name = str(path.relative_to(ROOT))
            code = templatize(path.read_text(encoding="utf-8"), origin=name)
            yield name, "\n".join(line.lstrip() for line in code.split("\n")).encode()


def _shown() -> dict[tuple[str, str | None], str]:
    """Each message id with its context, and where it stands first."""
    found: dict[tuple[str, str | None], str] = {}
    for name, source in _python_sources():
        for line, message, _comments, context in extract("python", io.BytesIO(source), KEYWORDS):  # type: ignore[arg-type]
            text = message[0] if isinstance(message, tuple) else message
            found.setdefault((text, context), f"{name}:{line}")
    for entry in [
        *menu_entries(),
        *client_panels(),
        *conversation_panels(),
        *worklists(),
        *trial_parts(),
    ]:
        found.setdefault((str(entry.title), None), "a module's registry entry")
    return {key: place for key, place in found.items() if key[0]}


def _translated() -> dict[tuple[str, str | None], dict[str, Message]]:
    """The translations of each message id by app."""
    known: dict[tuple[str, str | None], dict[str, Message]] = {}
    for app, catalog in translations.parts().items():
        for message in translations.texts(catalog):
            text = message.id[0] if isinstance(message.id, tuple) else str(message.id)
            known.setdefault((text, message.context), {})[app] = message
    return known


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def test_every_text_has_its_chinese_words() -> None:
    known = _translated()
    missing = [f"{place}: {key[0]!r}" for key, place in _shown().items() if key not in known]
    assert not missing, "\n".join(missing)


def test_translations_keep_the_places_to_fill_in() -> None:
    places = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    wrong = [
        (app, text)
        for (text, _context), messages in _translated().items()
        for app, message in messages.items()
        for string in _strings(message)
        if set(places.findall(string)) != set(places.findall(text)) and not isinstance(message.id, tuple)
    ]
    assert wrong == []


def test_apps_agree_on_the_words() -> None:
    differing = {
        text: {app: _strings(message) for app, message in messages.items()}
        for (text, _context), messages in _translated().items()
        if len({tuple(_strings(message)) for message in messages.values()}) > 1
    }
    assert differing == {}, "One thing has one name; use pgettext where the meaning differs."
