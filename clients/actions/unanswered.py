"""What becomes of a client's unanswered attempts once somebody has spoken with them."""

from collections.abc import Sequence

from clients.models import Unanswered


def heard_from(client_ids: Sequence[int]) -> int:
    """Ends the rows of these clients and of the records that speak for them; returns how many."""
    ids = list(client_ids)
    ended = Unanswered.objects.filter(client__in=ids) | Unanswered.objects.filter(client__merged__in=ids)
    return Unanswered.objects.filter(pk__in=ended.order_by().values("pk")).delete()[0]
