"""The apps' Chinese texts become one catalogue."""

import gettext
from pathlib import Path

from core.translations import compile_all

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_parts_become_one_catalogue(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.po").write_text(HEADER + 'msgid "Clients"\nmsgstr "客户"\n', encoding="utf-8")
    (tmp_path / "parts" / "b.po").write_text(
        HEADER + 'msgid "Clients"\nmsgstr "顾客"\n\nmsgid "Branch"\nmsgstr "营业部"\n', encoding="utf-8"
    )
    with compile_all(tmp_path).open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert (catalogue.gettext("Clients"), catalogue.gettext("Branch")) == ("客户", "营业部")
