"""Rules of saved segments: a tree of groups and conditions over the fields of a catalogue."""

from segmentation.rules.fields import Field, Kind, Source
from segmentation.rules.periods import span
from segmentation.rules.reading import RuleError, plain, read
from segmentation.rules.tree import Condition, Group, Leaf, Rule, leaves

__all__ = [
    "Condition",
    "Field",
    "Group",
    "Kind",
    "Leaf",
    "Rule",
    "RuleError",
    "Source",
    "leaves",
    "plain",
    "read",
    "span",
]
