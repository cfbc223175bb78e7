"""Puts the apps' Chinese texts (locale/parts/<app>.po) together to the one catalogue Django reads.

Needs no settings and no database, so that an image can be built with it: `python -m core.translations`.
"""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGE = "zh_Hans"


def parts(folder: Path = LOCALE) -> dict[str, Catalog]:
    """Each app's catalogue by its name."""
    catalogs = {}
    for path in sorted((folder / "parts").glob("*.po")):
        with path.open("rb") as file:
            catalogs[path.stem] = read_po(file, locale=LANGUAGE, abort_invalid=True)
    return catalogs


def texts(catalog: Catalog) -> list[Message]:
    """The finished translations of a catalogue, without its header."""
    return [message for message in catalog if message.id and message.string and not message.fuzzy]


def compile_all(folder: Path = LOCALE) -> Path:
    """Writes django.mo unless it is newer than all parts; where two apps differ the first wins."""
    target = folder / LANGUAGE / "LC_MESSAGES" / "django.mo"
    if _is_current(target, folder):
        return target
    merged = Catalog(locale=LANGUAGE, domain="django", fuzzy=False)
    for catalog in parts(folder).values():
        for message in texts(catalog):
            if merged.get(message.id, message.context) is None:
                merged.add(message.id, message.string, context=message.context)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    with draft.open("wb") as file:
        write_mo(file, merged)
    draft.replace(target)
    return target


def _is_current(target: Path, folder: Path) -> bool:
    sources = [folder / "parts", *(folder / "parts").glob("*.po")]
    return target.exists() and all(
        source.stat().st_mtime < target.stat().st_mtime for source in sources if source.exists()
    )


if __name__ == "__main__":
    compile_all()
