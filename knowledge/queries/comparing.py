"""Two texts beside each other, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Line:
    """A line of a comparison: same, out (only before) or in (only after)."""

    kind: str
    words: str


def compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """What the later text says otherwise; empty when both say the same."""
    if list(old) == list(new):
        return []
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", words) for words in old[a:b]]
        else:
            found += [Line("out", words) for words in old[a:b]] + [Line("in", words) for words in new[c:d]]
    return found
