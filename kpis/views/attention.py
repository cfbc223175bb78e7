"""The clients behind "needs action"."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from clients.queries.record import listed as clients_in_sight
from kpis.insights import attention_words
from kpis.lists import MemberList
from kpis.queries.attention import KINDS, needing
from kpis.views.common import card_in_sight
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def attention(request: PersonRequest, pk: int) -> HttpResponse:
    """The clients in sight of the card's unit that need somebody, by kind."""
    card, kind = card_in_sight(request, pk), request.GET.get("kind", "")
    if kind not in KINDS:
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    title, words = attention_words()[kind]
    found = clients_in_sight(request.user).filter(pk__in=needing(card, kind, request.user))
    return MemberList(request, found).render(
        "kpis/attention.html", {"card": card, "title": title, "words": words}
    )
