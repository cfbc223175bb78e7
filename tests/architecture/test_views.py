"""Pages and API reach rows that not everyone may see only through `visible_to`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.architecture import LAYERS, ROOT, sources

ROOMS = {"views", "api"}


def _scoped_models() -> set[str]:
    """Names of the models whose rows are shown by scope."""
    models = [model for model in apps.get_models() if model._meta.app_label in LAYERS]
    return {model.__name__ for model in models if hasattr(model._default_manager, "visible_to")}


def _unscoped(path: Path, scoped: set[str]) -> Iterator[str]:
    """`Model.objects` chains in the file that never call visible_to (nor none, which shows nothing)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}):
            continue
        if not (isinstance(node.value, ast.Name) and node.value.id in scoped):
            continue
        names, above = set(), parents[node]
        while isinstance(above, ast.Attribute | ast.Call):
            names.add(getattr(above, "attr", ""))
            above = parents[above]
        if not names & {"visible_to", "none"}:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.value.id}.objects"


def _pages() -> list[Path]:
    return [path for path in sources("*.py") if path.stem in ROOMS or path.parent.name in ROOMS]


def test_pages_and_api_ask_for_visible_rows() -> None:
    scoped = _scoped_models()
    assert "Client" in scoped
    assert [found for path in _pages() for found in _unscoped(path, scoped)] == []


def test_the_lint_sees_a_breach() -> None:
    page = ROOT / "tests" / "architecture" / "breach.txt"
    breaches = list(_unscoped(page, {"Client"}))
    assert [line.split(" ")[1] for line in breaches] == ["Client.objects"]
