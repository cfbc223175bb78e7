"""What happened on one demo day, before it is written as rows."""

from dataclasses import dataclass, field

import numpy as np

from crm.demo.identifiers import Integers
from crm.demo.people import Flags


@dataclass(frozen=True)
class Flows:
    """Cash flows of one kind of cause; amounts in cents."""

    accounts: Integers
    enters: Flags
    amounts: Integers


@dataclass(frozen=True)
class Trades:
    """Executed orders; money in cents, ``gross`` in 1/10 000 yuan; ``product`` is -1 for securities."""

    accounts: Integers
    security: Integers
    product: Integers
    buys: Flags
    quantity: Integers
    price: Integers
    amount: Integers
    gross: Integers


@dataclass(frozen=True)
class Custody:
    """Custody events of one kind; money in cents."""

    kind: str
    clients: Integers
    value: Integers
    residual: Integers


@dataclass
class DayEvents:
    """Everything of a day; ``touched`` are clients whose master row changed."""

    day: int
    touched: list[Integers] = field(default_factory=list)
    accounts: list[Integers] = field(default_factory=list)
    closing: list[Integers] = field(default_factory=list)
    flows: list[Flows] = field(default_factory=list)
    trades: list[Trades] = field(default_factory=list)
    custody: list[Custody] = field(default_factory=list)

    def tell_custody(self, kind: str, clients: Integers, value: Integers, residual: Integers) -> None:
        """Notes custody events."""
        self.custody.append(Custody(kind, clients, value, residual))


def gathered(parts: list[Integers]) -> Integers:
    """The distinct numbers of all parts, ascending."""
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
