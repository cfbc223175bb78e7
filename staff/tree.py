"""The organisation tree in memory: a few hundred units, read in one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from staff.models import Unit


@dataclass(frozen=True)
class Node:
    id: int
    kind: str
    parent_id: int | None
    successor_id: int | None
    closed_on: date | None


class UnitTree:
    """hq > region > branch > team, and which closed branch went into which."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.children: dict[int, list[Node]] = defaultdict(list)
        self.merged: dict[int, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            if node.parent_id is not None:
                self.children[node.parent_id].append(node)
            if node.successor_id is not None:
                self.merged[node.successor_id].append(node)

    @classmethod
    def load(cls) -> "UnitTree":
        fields = ("id", "kind", "parent_id", "successor_id", "closed_on")
        return cls(Node(*row) for row in Unit.objects.order_by().values_list(*fields))

    def seat(self, unit_id: int) -> Node:
        """The unit whose clients a member of this unit serves: a team's is the unit above it."""
        node = self.nodes[unit_id]
        while node.kind == Unit.Kind.TEAM and node.parent_id is not None:
            node = self.nodes[node.parent_id]
        return node

    def under(self, unit_id: int, on: date) -> set[int]:
        """The unit, all below it, and the branches that had gone into one of them by that day."""
        found: set[int] = set()
        waiting = [self.nodes[unit_id]]
        while waiting:
            node = waiting.pop()
            if node.id not in found:
                found.add(node.id)
                waiting += self.children[node.id]
                waiting += (old for old in self.merged[node.id] if old.closed_on and old.closed_on <= on)
        return found

    def line(self, unit_id: int) -> list[int]:
        """The unit and all above it, nearest first."""
        found: list[int] = []
        place: int | None = unit_id
        while place is not None and place not in found:
            found.append(place)
            place = self.nodes[place].parent_id
        return found

    def branches(self, unit_ids: Iterable[int]) -> frozenset[int]:
        return frozenset(unit for unit in unit_ids if self.nodes[unit].kind == Unit.Kind.BRANCH)

    def depths(self) -> list[tuple[Node, int]]:
        """Every unit with its depth, parents before children, siblings in the order they were given."""
        listed: list[tuple[Node, int]] = []
        waiting = [(node, 0) for node in reversed(self.nodes.values()) if node.parent_id is None]
        while waiting:
            node, depth = waiting.pop()
            listed.append((node, depth))
            waiting += [(child, depth + 1) for child in reversed(self.children[node.id])]
        return listed
