"""What may be set on a line, by its adapter: where messages go out, and where mail is fetched."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from interactions.models import Line

Adapter = Line.Adapter
GATEWAYS = (Adapter.WECOM, Adapter.WECHAT, Adapter.CHAT, Adapter.SMS, Adapter.WEIBO)
PASSWORDS = ("smtp_password", "imap_password", "app_secret")
PLATFORMS = (Adapter.WECOM, Adapter.WECHAT)
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}  # usual ones, by protection
IMAP_PORTS = {"tls": 993, "none": 143}
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
LONGEST = 200
Check = Callable[[str], Any]


def fields_of(adapter: str) -> tuple[str, ...]:
    """The names of the adapter's settings, in the order in which people fill them in."""
    return tuple(CHECKS.get(adapter, {}))


def passwords_of(adapter: str) -> tuple[str, ...]:
    """The names of what the other side gave for the adapter and nobody may read."""
    if adapter == Adapter.EMAIL:
        return PASSWORDS[:2]
    return PASSWORDS[2:] if adapter in PLATFORMS else ()


def checked(adapter: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The adapter's settings as they are kept. Raises ValidationError by field."""
    told, faults = {}, {}
    for name, check in CHECKS.get(adapter, {}).items():
        try:
            told[name] = check(str(given.get(name) or "").strip())
        except ValidationError as error:
            faults[name] = error.messages
    if told.get("smtp_host") and not told.get("from_address") and "from_address" not in faults:
        faults["from_address"] = [_("Mail needs a sender.")]
    if adapter == Adapter.WECOM and told.get("api_url") and not told.get("open_kfid"):
        faults["open_kfid"] = [_("WeCom sends for an account of customer service only.")]
    if faults:
        raise ValidationError(faults)
    return _with_ports(told) if adapter == Adapter.EMAIL else told


def _with_ports(told: dict[str, Any]) -> dict[str, Any]:
    """Where no port is given, the usual one."""
    smtp, imap = SMTP_PORTS[told["smtp_tls"]], IMAP_PORTS[told["imap_tls"]]
    return {**told, "smtp_port": told["smtp_port"] or smtp, "imap_port": told["imap_port"] or imap}


def _address(url: str) -> str:
    """An address on the net; internal names without a dot are fine."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username or parts.query or parts.fragment or re.search(r"\s", url):
        raise ValidationError(_("An address such as https://gateway.example.com/sms."))
    return _text(url)


def _host(name: str) -> str:
    if name and not HOST.fullmatch(name):
        raise ValidationError(_("The name of a server, such as mail.example.com."))
    return name


def _port(number: str) -> int | None:
    if not number:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", number) or not 0 < int(number) < 65536:
        raise ValidationError(_("A port is 1 to 65535."))
    return int(number)


def _text(words: str) -> str:
    """One line."""
    if len(words) > LONGEST or not words.isprintable():
        raise ValidationError(_("At most %(most)s characters on one line.") % {"most": LONGEST})
    return words


def _email(address: str) -> str:
    if address:
        validate_email(address)
    return address


def _one_of(ports: Mapping[str, int]) -> Check:
    def chosen(word: str) -> str:
        if word and word not in ports:
            raise ValidationError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(ports)})
        return word or "tls"

    return chosen


CHECKS: dict[str, dict[str, Check]] = {
    **{adapter: {"recordings_url": _address} for adapter in (Adapter.HOTLINE, Adapter.OUTBOUND)},
    **{adapter: {"gateway_url": _address, "media_url": _address} for adapter in GATEWAYS},
    Adapter.WECOM: {"api_url": _address, "open_kfid": _text, "gateway_url": _address, "media_url": _address},
    Adapter.WECHAT: {"api_url": _address, "gateway_url": _address, "media_url": _address},
    Adapter.EMAIL: {
        **{"smtp_host": _host, "smtp_port": _port, "smtp_user": _text, "smtp_tls": _one_of(SMTP_PORTS)},
        **{"from_address": _email, "from_name": _text},
        **{"imap_host": _host, "imap_port": _port, "imap_user": _text, "imap_tls": _one_of(IMAP_PORTS)},
        "imap_folder": _text,
    },
}
