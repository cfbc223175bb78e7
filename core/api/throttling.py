"""Rate limits per caller, with RateLimit-* headers on every answer and Retry-After on a refusal."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core import rates
from core.addresses import client_address


class PerClient(BaseThrottle):
    """settings.API_RATE_PER_MINUTE for each API client or person, else for each address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = rates.count(f"api:{self._caller(request)}", settings.API_RATE_PER_MINUTE)
        request._request.rate = rate  # type: ignore[attr-defined]  # core.middleware writes the headers
        self.reset = rate.reset
        return not rate.exceeded

    def wait(self) -> float:
        return self.reset

    def _caller(self, request: Request) -> str:
        if request.user.is_authenticated:
            return f"{request.user.actor_kind}:{request.user.actor_id}"
        return f"address:{client_address(request._request)}"
