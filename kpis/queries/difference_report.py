"""The difference report: what differs, its clients in the reader's sight, and what feeds brought of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clients.models import Client
from clients.queries.record import listed as clients_in_sight
from kpis.models import Scorecard
from kpis.queries.brought import Brought, packages_between, rows_brought
from kpis.queries.cards import all_revisions
from kpis.queries.differences import Differences, Moved, differences
from kpis.queries.frozen import sign_off_of
from trading.models import FeedPackage

MOST = 200  # clients named in one report


@dataclass(frozen=True)
class ClientLine:
    """A client that differs, with the feed rows that came between both revisions."""

    client: Client
    moved: Moved
    brought: Sequence[Brought]


@dataclass(frozen=True)
class Report:
    """Differences with names; beyond: clients that are out of sight or more than a report names."""

    told: Differences
    lines: list[ClientLine]
    beyond: int
    packages: list[FeedPackage]


def report(before: Scorecard, after: Scorecard, user: Any) -> Report:
    """What the later revision has otherwise, as far as the reader may see its clients."""
    told = differences(before, after)
    moved = {one.client_id: one for one in told.moved}
    sees = user.may("clients.view")
    found = clients_in_sight(user).filter(pk__in=moved).order_by("client_no")[:MOST] if sees else []
    clients, packages = list(found), list(packages_between(before, after))
    brought = rows_brought(packages, after, [client.pk for client in clients])
    lines = [ClientLine(client, moved[client.pk], brought[client.pk]) for client in clients]
    return Report(told, lines, len(moved) - len(lines), packages)


def other_revision(card: Scorecard, user: Any, pk: int | None) -> Scorecard | None:
    """The revision that a card is compared with: the asked one, else the frozen one, else the one before."""
    rows = (
        all_revisions(user)
        .defer(None)
        .filter(period=card.period, unit_type=card.unit_type, unit_code=card.unit_code)
    )
    others = rows.exclude(pk=card.pk)
    if pk is not None:
        return others.filter(pk=pk).first()
    frozen = sign_off_of(card)
    if frozen is not None and frozen.card_id != card.pk:
        return others.filter(pk=frozen.card_id).first()
    return others.filter(revision__lt=card.revision).order_by("-revision").first()
