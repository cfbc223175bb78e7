"""Further ways to reach a client, masked."""

from collections.abc import Sequence

from clients import identifiers
from clients.models import Client, ContactPoint
from core import crypto


def contact_points(client: Client) -> Sequence[ContactPoint]:
    """Those in use, by kind, the preferred one first."""
    points = ContactPoint.objects.filter(client_id__in=client.record_ids).in_use()
    return list(points.order_by("kind", "-preferred", "id"))


def masked(point: ContactPoint) -> str:
    """As everyone with sight of the client may read it: 138****1234, j***@example.com."""
    return identifiers.masked_text(point.kind, crypto.unseal(point.value, point.context))
