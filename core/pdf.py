"""PDFs by typst, with the Chinese font that comes as a package; nothing of the system is needed."""

import json
from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import typst

FONT = Path(noto_cjk_sans_otc.FONT_PATH)


def render(template: Path, data: dict[str, Any]) -> bytes:
    """The typst template with `data` as JSON in `sys.inputs.data`; texts in it are never read as markup."""
    folder = FONT if FONT.is_dir() else FONT.parent
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(folder)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)
