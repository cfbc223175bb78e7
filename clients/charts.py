"""The client page's pictures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clients.queries.record import shown_name
from clients.queries.relations import MOST_FAR, MOST_NEAR, Around, Party, word
from core.charts import Chart, Edge, Node, network


def people(around: Around) -> Chart | None:
    """Who is around the client today, and around them; None when nobody is."""
    lines = [line for line in around.lines if not line.is_over]
    if not lines:
        return None
    centre = Node(f"client-{around.client.pk}", shown_name(around.client, around.user), "c1")
    near = _nodes((line.other for line in lines), MOST_NEAR, {centre.key})
    ends = around.ends_of(around.second_ring)
    taken = {centre.key, *(node.key for node in near)}
    far = _nodes((party for _row, *parties in ends for party in parties), MOST_FAR, taken)
    edges = [Edge(centre.key, line.other.key, line.words) for line in lines]
    edges += [Edge(start.key, end.key, word(row.kind, backward=row.backward)) for row, start, end in ends]
    return network(_("People around the client"), centre, near, far, edges)


def _nodes(parties: Iterable[Party], most: int, taken: set[str]) -> list[Node]:
    """Each party once, in the order met, clients in another colour than people who are none."""
    found = {party.key: party for party in parties if party.key not in taken}
    chosen = list(found.values())[:most]
    return [Node(party.key, party.name, "c2" if party.is_client else "c5") for party in chosen]
