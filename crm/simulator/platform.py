"""The platforms outside: access tokens that run out, limits by client, and pictures that are only named.

Written from the platforms' own descriptions and not from the carriers (interactions.channels.platforms).
"""

import json
import secrets as randomness
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crm.simulator.player import Known

TOKENS = {
    "/cgi-bin/gettoken": ("wecom", "corpid", "corpsecret"),
    "/cgi-bin/token": ("wechat", "appid", "secret"),
}
SENDS = {"/cgi-bin/kf/send_msg": ("wecom", 95001), "/cgi-bin/message/custom/send": ("wechat", 45047)}
MEDIA = "/cgi-bin/media/get"
MOST_IN_A_ROW = {"wecom": 5, "wechat": 20}  # messages to one client who does not write back
Answer = tuple[int, str, bytes]  # status, type of content, content


def _picture(width: int = 96, height: int = 64) -> bytes:
    """A PNG in two colours."""
    rows = b"".join(
        b"\0" + bytes((36, 83, 201) * (width // 2) + (232, 238, 252) * (width // 2)) for _row in range(height)
    )
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


PICTURE = _picture()


@dataclass
class Platforms:
    """Answers below /cgi-bin for all lines of WeCom and WeChat whose secrets it knows."""

    known: Known
    token_seconds: int = 7200
    took: Callable[[str, str, dict[str, Any]], None] = lambda _line, _name, _told: None
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    sent: dict[tuple[str, str], int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, path: str) -> bool:
        """Whether an address belongs to the platforms."""
        return urlsplit(path).path.startswith("/cgi-bin/")

    def answer(self, path: str, raw: bytes) -> Answer:
        """Status, type and content for one call; refusals are 200 with `errcode`, as theirs are."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.lock:
            if parts.path in TOKENS:
                return _told(self._token(*TOKENS[parts.path], query))
            line = self._whose(query.get("access_token", ""))
            if line is None:
                return _told({"errcode": 42001, "errmsg": "access_token expired"})
            if parts.path == MEDIA:
                return self._media(query.get("media_id", ""))
            if parts.path in SENDS:
                return _told(self._send(line, *SENDS[parts.path], raw))
        return 404, "text/plain", b""

    def client_wrote(self, line: str, user: str) -> None:
        """After a client's word messages to them begin to count anew."""
        with self.lock:
            self.sent.pop((line, user), None)

    def _token(
        self, adapter: str, id_name: str, secret_name: str, query: Mapping[str, str]
    ) -> dict[str, Any]:
        for line, kept in self.known.secrets.items():
            same = kept.get("receiver") == query.get(id_name) and kept.get("app_secret") == query.get(
                secret_name
            )
            if self.known.adapters[line] == adapter and kept.get("app_secret") and same:
                token = randomness.token_urlsafe(48)
                self.tokens[token] = (line, time.monotonic() + self.token_seconds)
                return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": self.token_seconds}
        return {"errcode": 40001, "errmsg": "invalid credential"}

    def _whose(self, token: str) -> str | None:
        line, until = self.tokens.get(token, ("", 0.0))
        return line if until > time.monotonic() else None

    def _send(self, line: str, adapter: str, limit: int, raw: bytes) -> dict[str, Any]:
        try:
            told = json.loads(raw)
            user, text = told["touser"], told["text"]["content"]
        except (ValueError, KeyError, TypeError):
            return {"errcode": 47001, "errmsg": "data format error"}
        if self.known.adapters[line] != adapter or told.get("msgtype") != "text" or not text:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if adapter == "wecom" and not told.get("open_kfid"):
            return {"errcode": 95000, "errmsg": "invalid open_kfid"}
        if told.get("msgid") in self.names:
            return {"errcode": 40058, "errmsg": "msgid is not new"}
        count = self.sent.get((line, user), 0)
        if count >= MOST_IN_A_ROW[adapter]:
            return {"errcode": limit, "errmsg": "out of response count limit"}
        self.sent[line, user] = count + 1
        return {"errcode": 0, "errmsg": "ok", **self._named(line, told)}

    def _named(self, line: str, told: dict[str, Any]) -> dict[str, str]:
        """WeCom names the message, WeChat does not."""
        name = str(told.get("msgid") or "")
        if name:
            self.names.add(name)
        self.took(line, name, told)
        return {"msgid": name} if name else {}

    @staticmethod
    def _media(media_id: str) -> Answer:
        """Every name that does not begin with `gone` is a small picture."""
        if media_id.startswith("gone") or not media_id:
            return _told({"errcode": 40007, "errmsg": "invalid media_id"})
        return 200, "image/png", PICTURE


def _told(told: Mapping[str, Any]) -> Answer:
    return 200, "application/json; charset=UTF-8", json.dumps(told).encode()
