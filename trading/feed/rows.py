"""From a record's fields to a line of the staging table, or to the fault that keeps it out (F7, F16-F21).

Nearly all rows are sound, so a row is first matched as a whole against one pattern made of its columns'
patterns; only a row that fails it is taken apart to find the fault.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from clients import checksums
from clients.models import Client
from trading.feed import columns
from trading.feed.columns import CLIENTS, Column, FeedFile
from trading.feed.faults import Fault, Refused
from trading.feed.personal import STAGED as CLIENT_COLUMNS
from trading.feed.personal import sealed_client
from trading.feed.records import Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARK = "\x1f"  # stands between values while they are looked at; none may hold it
UNSTORABLE = re.compile("[\x00\x1f]")
CONTROL = re.compile("[\x00-\x1f\x7f]")
PLAIN_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
PLAIN_SINCE = "1992"  # China had summer time until 1991; later +08:00 is always Shanghai's own


class Rows:
    """Checks the rows of one file of one trade date.

    `columns` are the staging table's columns in the order of the header. `overrule` names fault codes that a
    person has waved through. Raises Refused when the header lacks a column of the table or has one twice
    (F15).
    """

    def __init__(
        self, file: FeedFile, header: Sequence[str], trade_date: date, overrule: frozenset[str] = frozenset()
    ) -> None:
        self.file = file
        self.header = list(header)
        self.last_day = trade_date.isoformat()
        self.overrule = overrule
        _check_header(file, self.header)
        self._told = [column for name in header if (column := file.column(name))]
        self._pick = _picker([place for place, name in enumerate(header) if file.column(name)])
        self._match = re.compile(MARK.join(column.pattern for column in self._told)).fullmatch
        self._dates = [(place, column) for place, column in enumerate(self._told) if column.kind == "date"]
        self._moment = next(
            (place for place, column in enumerate(self._told) if column.kind == "moment"), None
        )
        self._rule = _RULES.get(file.name)
        self._days: dict[str, bool] = {}
        self.sound_days: set[str] = set() if self._moment is not None else {""}

    @property
    def columns(self) -> Sequence[str]:
        """What the staging lines hold after line and mark."""
        return CLIENT_COLUMNS if self.file is CLIENTS else [column.name for column in self._told]

    def quick_pattern(self, captured: Sequence[str]) -> re.Pattern[str] | None:
        """Matches a physical line that is a sound row and can be staged as it is written; None when none can.

        Groups: `row`, `day` of its moment, and the `captured` columns. The row is sound when its day stands
        in sound_days, which holds the days met so far that can be taken without a closer look.
        """
        if self._rule or self._dates or len(self._told) < len(self.header):
            return None
        parts = [_quick(column, captured=column.name in captured) for column in self._told]
        day = "" if self._moment is not None else "(?P<day>)"
        return re.compile(rf"(?P<row>{','.join(parts)}){day}\r?\n?")

    def staged(self, record: Record) -> str | Fault:
        """The staging line of a record, or why it can't be taken in."""
        fields = record.fields
        if fields is None:
            return Fault("quoting")
        if len(fields) != len(self.header):
            return Fault("fields", values={"found": len(fields), "said": len(self.header)})
        values = self._pick(fields)
        if not self._match(MARK.join(values)):
            return self._fault(values)
        if fault := self._date_fault(values) or self._moment_fault(values) or self._rule_fault(values):
            return fault
        if self.file is CLIENTS:
            values = sealed_client(self._named(values))
        mark = hash(",".join(fields))
        return f"{record.line},{mark},{_escaped(MARK.join(values))}\n"

    def key(self, fields: list[str] | None) -> str:
        """The row's key as far as it can be read; several key columns are joined by a blank."""
        if fields is None or len(fields) != len(self.header):
            return ""
        return " ".join(fields[self.header.index(name)] for name in self.file.key)[:100].replace("\x00", "")

    def value(self, name: str, record: Record) -> str:
        """A column's value in a record that has the header's fields."""
        return (record.fields or [])[self.header.index(name)]

    def _named(self, values: Sequence[str]) -> dict[str, str]:
        return {column.name: value for column, value in zip(self._told, values, strict=True)}

    def _date_fault(self, values: Sequence[str]) -> Fault | None:
        for place, column in self._dates:
            text = values[place]
            if text and not (self._is_day(text) and (column.future or text <= self.last_day)):
                return column_fault(column, text, self.last_day)
        return None

    def _is_day(self, text: str) -> bool:
        known = self._days.get(text)
        if known is None:
            known = self._days[text] = _day(text) is not None
        return known

    def _moment_fault(self, values: Sequence[str]) -> Fault | None:
        """F7, F17: the moment exists, and its Shanghai date does not lie after the trade date."""
        if self._moment is None:
            return None
        text, name = values[self._moment], self._told[self._moment].name
        moment = _moment(text)
        if moment is None:
            return Fault("not_moment", name)
        if moment.date().isoformat() > self.last_day:
            return Fault("future", name)
        if text[:10] >= PLAIN_SINCE and text[:10] <= self.last_day:
            self.sound_days.add(text[:10])
        return None

    def _rule_fault(self, values: Sequence[str]) -> Fault | None:
        if self._rule is None:
            return None
        fault = self._rule(self._named(values))
        return None if fault is None or fault.code in self.overrule else fault

    def _fault(self, values: Sequence[str]) -> Fault:
        """The first fault of a row that does not match as a whole."""
        pairs = zip(self._told, values, strict=True)
        faults = (column_fault(column, text, self.last_day) for column, text in pairs)
        return next(fault for fault in faults if fault is not None)


def _picker(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    return itemgetter(*places)


def _quick(column: Column, *, captured: bool) -> str:
    """The column's pattern for a line without quotes, escapes, or times of other zones than Shanghai's."""
    pattern = column.pattern
    if column.kind in {"code", "text"}:
        pattern = rf"[^\x00-\x1f\x7f\\\",]{{{1 if column.required else 0},{column.length}}}"
    if column.kind == "moment":
        return columns.QUICK_MOMENT
    return f"(?P<{column.name}>{pattern})" if captured else pattern


def column_fault(column: Column, text: str, last_day: str) -> Fault | None:
    """What is wrong with one value; None when nothing is."""
    if text == "":
        return Fault("empty", column.name) if column.required else None
    code, values = _CHECKS[column.kind](column, text, last_day)
    return Fault(code, column.name, values) if code else None


Found = tuple[str, dict[str, Any]]
SOUND: Found = ("", {})


def _choice(column: Column, text: str, last_day: str) -> Found:
    return SOUND if text in column.choices else ("choice", {})


def _number(column: Column, text: str, last_day: str) -> Found:
    parts = PLAIN_NUMBER.fullmatch(text)
    if parts is None:
        return "not_number", {}
    sign, whole, decimals = parts.groups()
    if decimals and len(decimals) > 4:
        return "decimals", {}
    if len(whole) > columns.MOST_DIGITS:
        return "large", {}
    return ("negative", {}) if sign and not column.signed else SOUND


def _date(column: Column, text: str, last_day: str) -> Found:
    if not re.fullmatch(columns.DATE, text) or _day(text) is None:
        return "not_date", {}
    return ("future", {}) if text > last_day and not column.future else SOUND


def _moment_text(column: Column, text: str, last_day: str) -> Found:
    """Only the form: the moment itself is looked at when the row is staged."""
    return SOUND if re.fullmatch(columns.MOMENT, text) else ("not_moment", {})


def _letters(column: Column, text: str, last_day: str) -> Found:
    if (CONTROL if column.kind == "code" else UNSTORABLE).search(text):
        return "letters", {}
    return ("long", {"most": column.length}) if len(text) > column.length else SOUND


_CHECKS: dict[str, Callable[[Column, str, str], Found]] = {
    "choice": _choice,
    "number": _number,
    "date": _date,
    "moment": _moment_text,
    "text": _letters,
    "code": _letters,
}


def _branch_fault(values: dict[str, str]) -> Fault | None:
    """F16: every unit but the headquarters names its parent."""
    if values["kind"] != "hq" and not values["parent_code"]:
        return Fault("empty", "parent_code")
    if values["closed_on"] and values["closed_on"] < values["opened_on"]:
        return Fault("closed_early", "closed_on")
    return Fault("circle", "parent_code") if values["code"] == values["parent_code"] else None


def _client_fault(values: dict[str, str]) -> Fault | None:
    """F20, F21: closing date by status, check character of the ID."""
    if values["status"] != Client.Status.DECEASED and _closed_apart(values):
        return Fault("closed", "closed_on")
    if not checksums.holds(values["id_type"], values["id_number"]):
        return Fault("checksum_id", "id_number")
    return None


def _account_fault(values: dict[str, str]) -> Fault | None:
    return Fault("closed", "closed_on") if _closed_apart(values) else None


def _closed_apart(values: dict[str, str]) -> bool:
    """Status closed without a closing date, or the reverse (F20)."""
    return (values["status"] == "closed") != bool(values["closed_on"])


_RULES: dict[str, Callable[[dict[str, str]], Fault | None]] = {
    "branches.csv": _branch_fault,
    "clients.csv": _client_fault,
    "accounts.csv": _account_fault,
}


def _check_header(file: FeedFile, header: list[str]) -> None:
    for name in file.column_names:
        if name not in header:
            raise Refused("no_column", file=file.name, column=name)
        if header.count(name) > 1:
            raise Refused("column_doubled", file=file.name, column=name)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """The moment in Shanghai."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _escaped(joined: str) -> str:
    """The joined values as COPY reads them: commas between; what COPY knows is escaped inside a value."""
    if "\\" in joined or "\n" in joined or "\r" in joined or "," in joined:
        joined = joined.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace(",", "\\,")
    return joined.replace(MARK, ",")
