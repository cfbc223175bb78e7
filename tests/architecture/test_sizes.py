"""A file that one person can hold in mind: at most 400 lines; a larger room becomes a package."""

from tests.architecture import ROOT, sources

LIMIT = 400


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("*.py", "*.html", "*.css", "*.js")
        if "migrations" not in path.parts
    }
    assert {name: length for name, length in lengths.items() if length > LIMIT} == {}
