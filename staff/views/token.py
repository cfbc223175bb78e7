"""`POST /o/token/`: client credentials for an access token of one hour."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from core import rates
from core.addresses import client_address

REQUESTS_A_MINUTE = 60


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class Token(TokenView):
    """oauth2_provider's token page behind a rate limit by address, so that guessing secrets is slow."""

    http_method_names = ("post", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rate = rates.count(f"token:{client_address(request)}", REQUESTS_A_MINUTE)
        request.rate = rate  # type: ignore[attr-defined]  # core.middleware writes the headers
        if rate.exceeded:
            headers = {"Retry-After": str(rate.reset)}
            return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers=headers)
        return super().dispatch(request, *args, **kwargs)
