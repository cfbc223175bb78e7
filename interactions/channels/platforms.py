"""WeCom customer service and the WeChat official account, spoken to as they are, without a gateway between.

Both give an access token for an id and a secret, which every call names and which is over after two hours:

- WeCom: `GET /cgi-bin/gettoken?corpid=&corpsecret=`, `POST /cgi-bin/kf/send_msg`
- WeChat: `GET /cgi-bin/token?grant_type=client_credential&appid=&secret=`,
  `POST /cgi-bin/message/custom/send`
- both: `GET /cgi-bin/media/get?media_id=`

A refusal is an answer with `errcode`. A line speaks so when its setting `api_url` is filled in; the id is the
line's `receiver`, the secret its `app_secret`, and WeCom also wants `open_kfid`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import Any, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request

from interactions.channels.outgoing import (
    LONGEST_ANSWER,
    NotNow,
    Parcel,
    Rejected,
    Shelf,
    TooMany,
    Uncertain,
    opened,
)

Settings: TypeAlias = Mapping[str, Any]
Secrets: TypeAlias = Mapping[str, str]
TOKEN_OVER = (40001, 40014, 42001)  # invalid or expired: a fresh one helps, once
BUSY = (-1, 45009, 45011, 6000)  # of the whole line
TOO_MANY = (45047, 95001)  # to this client, until the client writes again
TOO_LATE = (45015, 95002)  # the client's last word is over 48 hours old
UNKNOWN_THERE = (40003, 43004, 40096)  # no such follower, or not any more


@dataclass(frozen=True)
class Platform:
    """One platform's addresses and words."""

    token_path: str
    id_name: str
    secret_name: str
    send_path: str
    wants_account: bool = False  # open_kfid, and takes a name for each message

    def token_address(self, settings: Settings, secrets: Secrets) -> str:
        told = {self.id_name: secrets.get("receiver", ""), self.secret_name: secrets.get("app_secret", "")}
        extra = {} if self.wants_account else {"grant_type": "client_credential"}
        return f"{_base(settings)}{self.token_path}?{urlencode({**extra, **told})}"

    def body(self, parcel: Parcel, settings: Settings) -> dict[str, Any]:
        told: dict[str, Any] = {"touser": parcel.to, "msgtype": "text", "text": {"content": parcel.text}}
        if self.wants_account:
            told |= {"open_kfid": settings.get("open_kfid", ""), "msgid": parcel.key.replace("-", "")}
        return told


WECOM = Platform("/cgi-bin/gettoken", "corpid", "corpsecret", "/cgi-bin/kf/send_msg", wants_account=True)
WECHAT = Platform("/cgi-bin/token", "appid", "secret", "/cgi-bin/message/custom/send")


class Direct:
    """The carrier. The platforms keep no keys for us, so a line that breaks leaves everybody in doubt."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def carry(self, parcel: Parcel, settings: Settings, secrets: Secrets) -> str:
        """The platform's name of the message; raises Rejected, NotNow, TooMany or Uncertain."""
        shelf = parcel.tokens
        token = token_of(self.platform, settings, secrets, shelf)
        told = self._send(parcel, settings, token)
        if told.get("errcode") in TOKEN_OVER:
            token = token_of(self.platform, settings, secrets, shelf, fresh=True)
            told = self._send(parcel, settings, token)
        refuse(told)
        return str(told.get("msgid") or parcel.key)[:200]

    def _send(self, parcel: Parcel, settings: Settings, token: str) -> dict[str, Any]:
        address = f"{_base(settings)}{self.platform.send_path}?{urlencode({'access_token': token})}"
        raw = json.dumps(self.platform.body(parcel, settings), ensure_ascii=False).encode()
        parcel.handing()
        try:
            answer, _headers = opened(
                Request(address, raw, {"Content-Type": "application/json"}), LONGEST_ANSWER
            )
        except (OSError, HTTPException) as error:
            if isinstance(getattr(error, "reason", None), ConnectionRefusedError):
                raise NotNow("The platform is away.") from error
            raise Uncertain("The line broke while the message was handed over.") from error
        return _object(answer)


def token_of(
    platform: Platform, settings: Settings, secrets: Secrets, shelf: Shelf, *, fresh: bool = False
) -> str:
    """The token that is kept, or a new one, which is put on the shelf. Raises NotNow."""
    if not secrets.get("app_secret"):
        raise NotNow("The line has no secret of the platform.")
    known = "" if fresh else shelf.known()
    if known:
        return known
    told = asked(platform.token_address(settings, secrets))
    token = str(told.get("access_token") or "")
    if not token:
        raise NotNow(f"The platform gives no access token: {_words(told)}")
    shelf.keep(token, int(told.get("expires_in") or 0))
    return token


def fetch(
    platform: Platform, media_id: str, settings: Settings, secrets: Secrets, shelf: Shelf, most: int
) -> tuple[bytes, HTTPMessage]:
    """A picture or file and its headers, at most one byte more than `most`. Raises as `carry`."""
    for fresh in (False, True):
        token = token_of(platform, settings, secrets, shelf, fresh=fresh)
        query = urlencode({"access_token": token, "media_id": media_id}, quote_via=quote)
        content, headers = _got(f"{_base(settings)}/cgi-bin/media/get?{query}", most + 1)
        told = _object(content) if headers.get_content_type() in ("application/json", "text/plain") else {}
        if not told.get("errcode"):
            return content, headers
        if fresh or told["errcode"] not in TOKEN_OVER:
            refuse(told)
    raise NotNow("The platform refuses the access token.")


def refuse(told: Mapping[str, Any]) -> None:
    """Raises what the platform's answer means; nothing when it says that all is well."""
    code = told.get("errcode")
    if code == 0:
        return
    if code in TOO_MANY:
        raise TooMany("too_many")
    if code in TOO_LATE:
        raise Rejected("too_late")
    if code in UNKNOWN_THERE:
        raise Rejected("unknown_there")
    if code in BUSY or code in TOKEN_OVER or code is None:
        raise NotNow(f"The platform answered {_words(told)}")
    raise Rejected(f"The platform answered {_words(told)}")


def asked(address: str) -> dict[str, Any]:
    """The JSON of an address. Raises NotNow."""
    return _object(_got(address, LONGEST_ANSWER)[0])


def _got(address: str, most: int) -> tuple[bytes, HTTPMessage]:
    try:
        return opened(Request(address), most)
    except HTTPError as error:
        raise NotNow(f"The platform answered {error.code}.") from error
    except (URLError, OSError, HTTPException) as error:
        raise NotNow("The platform is away.") from error


def _base(settings: Settings) -> str:
    return str(settings.get("api_url") or "").rstrip("/")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _words(told: Mapping[str, Any]) -> str:
    return f"{told.get('errcode')} {told.get('errmsg') or ''}".strip()[:200]
