"""The draw of a sample: a pure function of its seed and the candidates, so that anybody can repeat it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from core.samples import Sample


@dataclass(frozen=True)
class Rule:
    """How many are drawn: a number, or a share rounded up; of all together or of each agent."""

    number: int | None = None
    share: Decimal | None = None
    each_agent: bool = False

    def size(self, candidates: int) -> int:
        """Of so many candidates; never more than there are."""
        if self.share is not None:
            return int((self.share * candidates).to_integral_value(ROUND_CEILING))
        return min(self.number or 0, candidates)


def drawn(seed: str, candidates: Iterable[Sample], rule: Rule) -> list[Sample]:
    """Those with the lowest sha256 of seed and number, by number; every candidate has the same chance."""
    groups: dict[int, list[Sample]] = defaultdict(list)
    for one in candidates:
        groups[one.agent_id if rule.each_agent else 0].append(one)
    chosen = [one for group in groups.values() for one in in_order(seed, group)[: rule.size(len(group))]]
    return sorted(chosen, key=lambda one: one.number)


def in_order(seed: str, candidates: Iterable[Sample]) -> list[Sample]:
    """All of them, in the order of the draw."""
    return sorted(candidates, key=lambda one: (_place(seed, one.number), one.number))


def digest(candidates: Sequence[Sample]) -> str:
    """Tells one set of candidates from another."""
    numbers = sorted(one.number for one in candidates)
    return hashlib.sha256(",".join(map(str, numbers)).encode()).hexdigest()


def _place(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
