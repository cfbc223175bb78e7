"""Tests of the house itself: who may import whom, whose tables a statement touches, what must resolve."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# highest layer first; an app knows those after it
LAYERS = (
    "crm", "kpis", "segmentation", "outreach", "cases", "interactions", "knowledge", "trading", "clients",
    "staff", "core",
)  # fmt: skip


def sources(*patterns: str) -> list[Path]:
    """Files of the project (not of its environment or data) that match one of the patterns."""
    folders = [ROOT / name for name in (*LAYERS, "devtools", "templates", "static", "tests")]
    found = [path for folder in folders for pattern in patterns for path in folder.rglob(pattern)]
    return sorted({*found, *(path for pattern in patterns for path in ROOT.glob(pattern))})


def may_know(app: str, other: str) -> bool:
    """Whether `app` may use what belongs to `other`: itself and the layers below."""
    return LAYERS.index(other) >= LAYERS.index(app)
