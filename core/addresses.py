"""Where a request comes from, without believing what a stranger writes into a header."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # a socket without an address


def client_address(request: HttpRequest) -> str:
    """The caller's address: the connection's, or the one noted by the outermost trusted proxy.

    Every proxy appends to X-Forwarded-For the address it was called from, so with TRUSTED_PROXIES = n in the
    settings the n-th entry from the right is true and all left of it may be forged.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    noted = forwarded[-proxies] if 0 < proxies <= len(forwarded) else ""
    return next(filter(_is_address, (noted, request.META.get("REMOTE_ADDR", ""))), NOWHERE)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
