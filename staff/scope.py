"""What a person or an API client may see: the one thing behind every `visible_to(user)`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """firm: every unit; branch_ids: these branches whole; manager_nos: these managers' own clients.

    clients: whether client records may be seen at all; identity: whether names and numbers (masked) may.
    unit_ids: every unit of the tree inside (branches, regions), for figures by unit; empty when firm.
    """

    firm: bool = False
    branch_ids: frozenset[int] = frozenset()
    manager_nos: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    clients: bool = False
    identity: bool = False
    rights: frozenset[str] = field(default_factory=frozenset)

    def has_unit(self, unit_id: int) -> bool:
        """Whether this unit of the tree is inside."""
        return self.firm or unit_id in self.unit_ids


NOTHING = Scope()
