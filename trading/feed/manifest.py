"""manifest.json: which day, which version, and what its files must add up to (F13-F15)."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from trading.feed.columns import FILES, PARQUET
from trading.feed.faults import Refused
from trading.feed.source import MANIFEST, Source, delivered_name
from trading.queries import is_trading_day

MOST_BYTES = 1024**2
SHA256 = re.compile(r"[0-9a-fA-F]{64}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Promise:
    """What the manifest says of one file: its name, records, checksum, control totals by column."""

    name: str
    rows: int
    sha256: str
    sums: dict[str, Decimal]


@dataclass(frozen=True)
class Manifest:
    """The package's day and version.

    `files` holds the known files' promises in the order of loading, by their names as CSV.
    """

    trade_date: date
    version: int
    files: dict[str, Promise]

    def as_delivered(self, refusal: Refused) -> Refused:
        """The refusal, with files called as they are in the package."""
        names = {name: promise.name for name, promise in self.files.items()}
        return Refused.for_all([_renamed(problem, names) for problem in refusal.problems])


def read_manifest(source: Source) -> Manifest:
    """The manifest, checked against the package's name, the calendar and the files that are there.

    Raises Refused.
    """
    names = source.names()
    if MANIFEST not in names:
        raise Refused("no_manifest")
    said = _parsed(source)
    promises = {name: _promise(name, promise) for name, promise in said["files"].items()}
    manifest = Manifest(
        trade_date=_trade_date(said["trade_date"]),
        version=said["version"],
        files={
            name: promises[there]
            for name in FILES
            if (there := delivered_name(set(promises), name)) in promises
        },
    )
    _check_day(manifest.trade_date, source.dated_names)
    _check_names(names, set(promises))
    return manifest


def _parsed(source: Source) -> dict[str, Any]:
    with source.open(MANIFEST) as stream:
        content = stream.read(MOST_BYTES + 1)
    try:
        said = json.loads(content[: MOST_BYTES + 1].decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_manifest", error=type(error).__name__) from error
    problem = _shape_problem(said)
    if problem:
        raise Refused("bad_manifest", error=problem)
    return said


def _shape_problem(said: Any) -> str:
    """What is wrong with the manifest's outline; empty when nothing is."""
    if not isinstance(said, dict):
        return "{}"
    version = said.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 2**31:
        return "version"
    return (
        ""
        if isinstance(said.get("files"), dict) and isinstance(said.get("trade_date"), str)
        else "files, trade_date"
    )


def _renamed(problem: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    values = problem["values"]
    file = values.get("file")
    return {**problem, "values": {**values, "file": names[file]}} if file in names else problem


def _trade_date(text: str) -> date:
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused("bad_manifest", error="trade_date")


def _promise(name: str, said: Any) -> Promise:
    """One file's entry; raises Refused when something in it is not of the right kind."""
    if not isinstance(said, dict):
        raise Refused("bad_manifest", error=name)
    rows, digest, sums = said.get("rows"), said.get("sha256"), said.get("sums") or {}
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
        raise Refused("bad_manifest", error=f"{name} rows")
    if not isinstance(digest, str) or not SHA256.fullmatch(digest):
        raise Refused("bad_manifest", error=f"{name} sha256")
    if not isinstance(sums, dict):
        raise Refused("bad_manifest", error=f"{name} sums")
    return Promise(
        name, rows, digest.lower(), {column: _total(name, column, total) for column, total in sums.items()}
    )


def _total(name: str, column: str, said: Any) -> Decimal:
    try:
        total = Decimal(str(said).strip())
    except InvalidOperation:
        total = Decimal("NaN")
    if isinstance(said, bool) or not total.is_finite():
        raise Refused("bad_manifest", error=f"{name} sums {column}")
    return total


def _check_day(trade_date: date, dated_names: list[str]) -> None:
    """F13: every name that should tell the day tells this one, and the exchange trades on it."""
    for name in dated_names:
        if not name.startswith(trade_date.isoformat()):
            raise Refused("other_date", name=name, date=trade_date.isoformat())
    if not is_trading_day(trade_date):
        raise Refused("no_trading_day", date=trade_date.isoformat())


def _check_names(there: set[str], promised: set[str]) -> None:
    """F15: what the manifest names is there, no known file that it does not name, and none in two forms."""
    both = [name for name in FILES if {name, PARQUET[name]} <= there | promised]
    if both:
        raise Refused.for_all(
            [{"code": "file_both", "values": {"file": name, "other": PARQUET[name]}} for name in both]
        )
    problems = [{"code": "file_missing", "values": {"file": name}} for name in sorted(promised - there)]
    extra = sorted((there & {*FILES, *PARQUET.values()}) - promised)
    problems += [{"code": "file_extra", "values": {"file": name}} for name in extra]
    if problems:
        raise Refused.for_all(problems)
