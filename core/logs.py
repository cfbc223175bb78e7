"""JSON log lines with the request's id; no personal data is ever put into a message.

What comes in by an error's own words (a database names the values of the row it refuses) is blacked out: the
second wall, for nobody writes such things into a line on purpose.
"""

import json
import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")


HIDDEN = "[hidden]"
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[1-9]\d{5}(?:18|19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]?"  # resident ID
    r"|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"  # mobile
    r"|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}"  # unified social credit code
    r")(?![0-9A-Za-z])"
    r"|[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"  # email, also as an address of the web writes it
)
# What PostgreSQL adds to an error: the row's values, or the line of a COPY.
VALUES_OF_ROWS = re.compile(
    r"^(DETAIL|CONTEXT|HINT|QUERY): .*(?:\n(?!\s|[A-Z][A-Za-z]+:|$).*)*", re.MULTILINE
)


def redacted(text: str) -> str:
    """The text without ID numbers, mobiles, email addresses and the values that database errors carry."""
    return PERSONAL.sub(HIDDEN, VALUES_OF_ROWS.sub(rf"\1: {HIDDEN}", text))


class RequestFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", ""),
            "message": redacted(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
