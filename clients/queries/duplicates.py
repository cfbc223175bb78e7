"""Records that may be one client: those found in the nights, and those like what is being entered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients import identifiers
from clients.models import Client, DuplicatePair

WORTH = {"id": 80, "mobile": 35, "name": 30, "birth": 25}
"""What each reason adds to the likelihood; two records of one family share a mobile and are worth 35."""
MOST = 99
SHARED_BY_MANY = 20
"""A mobile, ID or name and birth date held by more records than this tells nothing of any two of them."""


@dataclass(frozen=True)
class LookAlike:
    """A record like the one being entered; `client` is None when the reader may not see it."""

    client: Client | None
    reasons: tuple[str, ...]
    likelihood: int

    @property
    def words(self) -> list[str]:
        return [str(DuplicatePair.Reason(reason).label) for reason in self.reasons]


def look_alikes(
    user: Any,
    *,
    id_type: str = "",
    id_number: str = "",
    mobile: str = "",
    name: str = "",
    birth_date: date | None = None,
    besides: int | None = None,
    limit: int = 5,
) -> list[LookAlike]:
    """Records sharing the ID, the mobile, or name and birth date with what is typed; likeliest first.

    besides: the record being edited. Records out of the user's sight are counted among them without a name,
    so that a duplicate is noticed and nothing is given away.
    """
    wanted = _Wanted.of(id_type, id_number, mobile, name, birth_date)
    condition = wanted.condition()
    if condition is None:
        return []
    others = Client.objects.filter(condition, merged_into=None)
    found = (others.exclude(pk=besides) if besides else others)[: SHARED_BY_MANY + 1]
    seen = {client.pk: client for client in _seen(user, [client.pk for client in found])}
    alike = [_look_alike(seen.get(client.pk), wanted.reasons(client)) for client in found]
    return sorted(alike, key=lambda item: -item.likelihood)[:limit]


def open_pairs(user: Any) -> QuerySet[DuplicatePair]:
    """Pairs nobody has decided on, both records of which the reader may see."""
    pairs = DuplicatePair.objects.visible_to(user).filter(state=DuplicatePair.State.OPEN)
    unjoined = pairs.filter(left__merged_into=None, right__merged_into=None)
    return unjoined.select_related("left__branch", "right__branch")


def pair_of(user: Any, left: Client, right: Client) -> DuplicatePair | None:
    """The undecided pair of these two, whichever is the older."""
    first, second = sorted((left.pk, right.pk))
    return open_pairs(user).filter(left_id=first, right_id=second).first()


def likelihood(reasons: tuple[str, ...]) -> int:
    """0 to 99: the sum of what the reasons are worth."""
    return min(sum(WORTH[reason] for reason in reasons), MOST)


@dataclass(frozen=True)
class _Wanted:
    """What was typed, as it can be compared: indexes instead of numbers."""

    id_index: bytes | None
    mobile_index: bytes | None
    name: str
    birth_date: date | None

    @classmethod
    def of(cls, id_type: str, id_number: str, mobile: str, name: str, birth_date: date | None) -> "_Wanted":
        return cls(
            identifiers.id_blind_index(id_type, id_number),
            identifiers.mobile_blind_index(mobile),
            name.strip(),
            birth_date,
        )

    def condition(self) -> Q | None:
        parts = []
        if self.id_index:
            parts.append(Q(id_index=self.id_index))
        if self.mobile_index:
            parts.append(Q(mobile_index=self.mobile_index))
        if self.name and self.birth_date:
            parts.append(Q(name=self.name, birth_date=self.birth_date))
        found = parts[0] if parts else None
        for part in parts[1:]:
            found = found | part if found else part
        return found

    def reasons(self, client: Client) -> tuple[str, ...]:
        same = {
            "id": self.id_index and bytes(client.id_index or b"") == self.id_index,
            "mobile": self.mobile_index and bytes(client.mobile_index or b"") == self.mobile_index,
            "name": self.name and client.name == self.name,
            "birth": self.birth_date and client.birth_date == self.birth_date,
        }
        return tuple(reason for reason, holds in same.items() if holds)


def _seen(user: Any, ids: list[int]) -> QuerySet:
    return Client.objects.visible_to(user).filter(pk__in=ids).select_related("branch")


def _look_alike(client: Client | None, reasons: tuple[str, ...]) -> LookAlike:
    return LookAlike(client, reasons, likelihood(reasons))
