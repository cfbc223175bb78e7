"""iCalendar (RFC 5545) as text: what a calendar program subscribes to. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from outreach.moments import SHANGHAI

MOST_OCTETS = 75
# Shanghai has kept this time since 1991; programs need it told with each calendar that names the zone.
ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000",
    "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One entry. start: a day, or a moment that lasts `minutes`; alarms: minutes before it."""

    uid: str
    stamp: datetime
    start: date | datetime
    summary: str
    description: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    minutes: int = 30
    alarms: Sequence[int] = ()


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole calendar, its lines folded and ended as the RFC asks."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Client service CRM//Tasks//ZH", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT30M", *ZONE,
    ]  # fmt: skip
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends are escaped; other control characters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    text = text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(letter for letter in text if letter >= " " and letter != "\x7f")


def folded(line: str) -> str:
    """Lines of at most 75 octets, the next ones begun by a space, no letter torn apart."""
    parts: list[str] = []
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > MOST_OCTETS:
            parts.append(part)
            part, octets = " ", 1
        part += letter
        octets += size
    return "\r\n".join([*parts, part])


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_utc(event.stamp)}", *_span(event),
        f"SUMMARY:{escaped(event.summary)}", f"STATUS:{event.status}", "TRANSP:TRANSPARENT",
    ]  # fmt: skip
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    for minutes in event.alarms:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.summary)}"]
        lines += [f"TRIGGER:-PT{minutes}M", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _span(event: Event) -> list[str]:
    if not isinstance(event.start, datetime):
        end = event.start + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"]
    begin = event.start.astimezone(SHANGHAI)
    end_at = begin + timedelta(minutes=event.minutes)
    return [
        f"{name};TZID=Asia/Shanghai:{at:%Y%m%dT%H%M%S}"
        for name, at in (("DTSTART", begin), ("DTEND", end_at))
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
