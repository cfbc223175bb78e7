"""What the model workbench shows of scorecards."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.queries.trials import cards_of_trial, trial_rows
from segmentation.models import ModelTrial
from staff.access import PersonRequest, needs


@require_GET
@needs("models.view")
def trial_cards(request: PersonRequest, pk: int) -> HttpResponse:
    """How the last month's cards would have come out under a draft: a panel of the model workbench."""
    if not ModelTrial.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    cards = cards_of_trial(request.user, pk)
    context = {"cards": cards, "rows": trial_rows(cards) if cards else []}
    return render(request, "kpis/trial.html", context)
