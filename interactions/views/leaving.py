"""Where the link in a mail leads: whoever got it says that such mail is not wanted, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from interactions.actions.leaving import delivery_of, leave_by_link


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token proves the mail
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does; programs that only look at links withdraw nothing."""
    delivery = delivery_of(token)
    if delivery is None:
        raise Http404
    if request.method == "POST":
        leave_by_link(delivery=delivery)
    context = {"done": request.method == "POST", "purpose": delivery.get_purpose_display()}
    return render(request, "interactions/unsubscribe.html", context)
