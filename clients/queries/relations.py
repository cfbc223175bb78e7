"""People and companies around a client, as a list and as a picture of two rings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import identifiers
from clients.models import Client, Relation
from core import crypto, formats

Kind = Relation.Kind
BACKWARD = {
    Kind.PARENT: gettext_lazy("Child"),
    Kind.BENEFICIAL_OWNER: gettext_lazy("Owned company"),
    Kind.LEGAL_REPRESENTATIVE: gettext_lazy("Represented company"),
    Kind.AUTHORISED_AGENT: gettext_lazy("Principal"),
    Kind.GUARDIAN: gettext_lazy("Ward"),
    Kind.CONTROLLER: gettext_lazy("Controlled company"),
    Kind.REFERRED_BY: gettext_lazy("Recommended"),
}
"""What the client is to the other, where that is another word than the kind itself."""
MOST_NEAR = MOST_FAR = 12


@dataclass(frozen=True)
class Party:
    """An end of a relation as the reader may see it: client_no is empty for strangers to the firm and for
    clients out of the reader's sight, who have no name either."""

    key: str
    name: str
    client_no: str = ""
    is_client: bool = False


@dataclass(frozen=True)
class Line:
    """A relation seen from a client: what the other is to it."""

    relation: Relation
    words: str
    other: Party
    mobile: str  # masked

    @property
    def share(self) -> Decimal | None:
        return self.relation.share

    @property
    def is_over(self) -> bool:
        return self.relation.to_date is not None and self.relation.to_date <= timezone.localdate()


def word(kind: str, *, backward: bool) -> str:
    """What the other is to the client, in the reader's language."""
    known = Kind(kind)
    return str(BACKWARD.get(known, known.label) if backward else known.label)


def in_force(rows: QuerySet[Relation], on: date) -> QuerySet[Relation]:
    return rows.filter(Q(to_date__isnull=True) | Q(to_date__gt=on), from_date__lte=on)


class Around:
    """The relations of a client as a reader may see them; two queries, two more for the second ring."""

    def __init__(self, client: Client, user: Any) -> None:
        self.client = client
        self.user = user
        self.ids = client.record_ids

    @cached_property
    def rows(self) -> list[Relation]:
        """Every relation of the client, those that are over last."""
        return _ordered(Relation.objects.about(self.ids))

    @cached_property
    def lines(self) -> list[Line]:
        seen = self._seen(self.rows)
        return [self._line(row, seen) for row in self.rows]

    @cached_property
    def second_ring(self) -> list[Relation]:
        """What holds today of the neighbours whom the reader may see, the client's own left out."""
        near = [line.other for line in self.lines if line.other.client_no and not line.is_over]
        ids = [int(party.key.removeprefix("client-")) for party in near]
        if not ids:
            return []
        rows = in_force(Relation.objects.about(ids), timezone.localdate())
        mine = {row.pk for row in self.rows}
        return [row for row in _ordered(rows) if row.pk not in mine]

    def ends_of(self, rows: Sequence[Relation]) -> list[tuple[Relation, Party, Party]]:
        """Each relation with its client's and its other's party."""
        seen = self._seen(rows)
        return [
            (row, self._party(row.client_id, row, seen), self._party(row.other_id, row, seen)) for row in rows
        ]

    def _line(self, row: Relation, seen: dict[int, Client]) -> Line:
        from_here = row.client_id in self.ids
        backward = row.backward if from_here else True
        other = row.other_id if from_here else row.client_id
        return Line(row, word(row.kind, backward=backward), self._party(other, row, seen), self._mobile(row))

    def _seen(self, rows: Iterable[Relation]) -> dict[int, Client]:
        """The clients at either end that the reader may see."""
        ids = {key for row in rows for key in (row.client_id, row.other_id) if key} - set(self.ids)
        found = Client.objects.visible_to(self.user).in_bulk(ids) if ids else {}
        return {**found, **dict.fromkeys(self.ids, self.client)}

    def _party(self, client_id: int | None, row: Relation, seen: dict[int, Client]) -> Party:
        if client_id is None:
            name = row.other_name if self.user.scope.identity else formats.mask_name(row.other_name)
            return Party(f"person-{row.pk}", name)
        if client_id not in seen:
            return Party(f"client-{client_id}", _("Another client"), is_client=True)
        client = seen[client_id]
        name = client.name if self.user.scope.identity else formats.mask_name(client.name)
        return Party(f"client-{client.pk}", name, client.client_no, is_client=True)

    def _mobile(self, row: Relation) -> str:
        if not row.other_mobile or not self.user.scope.identity:
            return ""
        return identifiers.masked_text("mobile", crypto.unseal(row.other_mobile, row.context))


def referred_count(client: Client, user: Any) -> int:
    """How many clients in the reader's sight came on this client's recommendation."""
    rows = Relation.objects.filter(kind=Kind.REFERRED_BY, other_id__in=client.record_ids)
    return rows.filter(client__in=Client.objects.visible_to(user)).values("client").distinct().count()


def _ordered(rows: QuerySet[Relation]) -> list[Relation]:
    return sorted(rows, key=lambda row: (row.to_date is not None, list(Kind).index(Kind(row.kind)), row.pk))
