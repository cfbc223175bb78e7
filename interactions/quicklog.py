"""The one-line quick log: `/phone 12 asked about margin rates` is channel, minutes and summary.

A line may begin with "/" and a channel's word (phone, wecom, 电话, 微信 …), then minutes (12, 12min, 12分),
then `>` when we contacted the client; the rest is the summary. All but the summary may be left out.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from interactions.models import Channel, Interaction

WORDS: dict[str, str] = {
    **{channel: channel for channel in Channel.values},
    "tel": "phone",
    "call": "phone",
    "电话": "phone",
    "dh": "phone",
    "微信": "wechat",
    "公众号": "wechat",
    "企微": "wecom",
    "企业微信": "wecom",
    "qw": "wecom",
    "短信": "sms",
    "dx": "sms",
    "邮件": "email",
    "mail": "email",
    "yj": "email",
    "临柜": "visit",
    "柜台": "visit",
    "到访": "visit",
    "lg": "visit",
    "在线": "chat",
    "app": "chat",
    "微博": "weibo",
}
MINUTES = re.compile(r"(\d{1,4})(?:\s?(?:min|m|分钟|分))?(?=\s|$)", re.IGNORECASE)
TEMPLATES = ("/phone 5 ", "/wecom ", "/visit 20 ", "/email ", "/sms ")


@dataclass(frozen=True)
class Line:
    """What one typed line says."""

    channel: str
    direction: str
    minutes: Decimal
    summary: str
    unknown_word: str = ""


def parse(typed: str) -> Line:
    """Reads the line; an unknown word after "/" is given back as `unknown_word` for a clear error."""
    channel, rest, unknown = _channel(typed.strip())
    outbound = rest.startswith(">")
    rest = rest.removeprefix(">").lstrip()
    minutes, rest = _minutes(rest)
    if not outbound and rest.startswith(">"):
        outbound, rest = True, rest[1:].lstrip()
    direction = Interaction.Direction.OUTBOUND if outbound else Interaction.Direction.INBOUND
    return Line(channel, direction, minutes, rest, unknown)


def _channel(text: str) -> tuple[str, str, str]:
    if not text.startswith("/"):
        return Channel.PHONE, text, ""
    word, _, rest = text[1:].partition(" ")
    channel = WORDS.get(word.lower())
    return (channel or Channel.PHONE), rest.lstrip(), "" if channel else word


def _minutes(text: str) -> tuple[Decimal, str]:
    found = MINUTES.match(text)
    if not found:
        return Decimal(0), text
    return Decimal(found.group(1)), text[found.end() :].lstrip()
