"""All packages together: what is in force as of a date, and what stays in quarantine (F4-F6, F11, F12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import columns
from .config import Config
from .packages import PARENT, RULE, Fault, Package, Refused, Row, read_package

LOADED, ALREADY, SUPERSEDED, REFUSED = "loaded", "already_loaded", "superseded", "refused"


@dataclass(frozen=True)
class Outcome:
    """What the loader has to answer to one package."""

    name: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Quarantined:
    """One quarantined row and why; `file` is its file name, `line` its physical line."""

    row: Row
    fault: Fault


@dataclass
class Truth:
    """Everything held as of a date: masters with their history, the events that count, the loaded days.

    units, clients, accounts and products: by key, the rows in force in the order of (trade date,
    version), one per trade date.  snapshots: the trading days with a holdings file.
    """

    as_of: date
    days: list[date]
    units: dict[str, list[Row]]
    clients: dict[str, list[Row]]
    accounts: dict[str, list[Row]]
    products: dict[str, list[Row]]
    events: dict[str, list[Row]]
    snapshots: list[date]
    quarantine: list[Quarantined]

    def owner(self, account_no: str) -> str:
        """The client an account belongs to, by its newest row."""
        return self.accounts[account_no][-1].values["client_no"]


class Feeds:
    """Packages loaded one after the other, in the order given; `outcomes` says what became of each."""

    def __init__(self, paths: Iterable[Path], config: Config) -> None:
        self.config = config
        self.outcomes: list[Outcome] = []
        self.loaded: dict[date, dict[int, Package]] = {}
        for path in paths:
            self.outcomes.append(self._load(Path(path)))

    def _load(self, path: Path) -> Outcome:
        try:
            package = read_package(path, self.config)
        except Refused as refusal:
            return Outcome(path.name, REFUSED, str(refusal))
        versions = self.loaded.setdefault(package.trade_date, {})
        newest = max(versions, default=None)
        if newest is None or package.version > newest:
            versions[package.version] = package
            return Outcome(path.name, LOADED)
        if package.version < newest:
            return Outcome(path.name, SUPERSEDED)
        if package.digest == versions[newest].digest:
            return Outcome(path.name, ALREADY)
        return Outcome(path.name, REFUSED, "same date and version with other content")

    def as_of(self, day: date) -> Truth:
        """What a run as of the day may read: packages with a trade date on or before it (F5)."""
        days = sorted(trade_date for trade_date in self.loaded if trade_date <= day)
        quarantine: list[Quarantined] = []
        held = _masters([self.loaded[d][v] for d in days for v in sorted(self.loaded[d])], quarantine)
        in_force = [self.loaded[d][max(self.loaded[d])] for d in days]
        events = {table.name: _events(table, in_force, held, quarantine) for table in columns.EVENTS}
        return Truth(
            as_of=day,
            days=days,
            units=held["branches"],
            clients=held["clients"],
            accounts=held["accounts"],
            products=held["products"],
            events=events,
            snapshots=[package.trade_date for package in in_force if "holdings" in package.rows],
            quarantine=sorted(quarantine, key=_place),
        )


def _place(entry: Quarantined) -> tuple:
    row = entry.row
    return row.day, row.version, row.table.file, row.line


Held = dict[str, dict[str, list[Row]]]


def _masters(packages: list[Package], quarantine: list[Quarantined]) -> Held:
    """Master rows of all versions by table and key; the higher version of a day takes its place (F12)."""
    held: Held = {}
    for table in columns.MASTERS:
        held[table.name] = {}
        waiting = []
        for package in packages:
            for row in package.rows.get(table.name, []):
                if row.fault:
                    quarantine.append(Quarantined(row, row.fault))
                else:
                    waiting.append(row)
        _settle(table, waiting, held, quarantine)
    return held


def _settle(table: columns.Table, waiting: list[Row], held: Held, quarantine: list[Quarantined]) -> None:
    """Accept rows until no further row finds its parent (F6); the rest stays in quarantine."""
    accepted: list[Row] = []
    while True:
        ready = [row for row in waiting if not _orphan_column(row, held)]
        waiting = [row for row in waiting if _orphan_column(row, held)]
        for row in ready:
            held[table.name].setdefault(row.key[0], []).append(row)
        accepted += ready
        if not ready:
            break
    quarantine += [Quarantined(row, Fault(PARENT, _orphan_column(row, held))) for row in waiting]
    for row in accepted:
        if table is columns.CLIENTS and not _is_branch(row, held):
            held[table.name][row.key[0]].remove(row)
            quarantine.append(Quarantined(row, Fault(RULE, "branch_code")))
    held[table.name] = {key: _one_per_day(rows) for key, rows in held[table.name].items() if rows}


def _orphan_column(row: Row, held: Held) -> str:
    """The first column that names an unknown parent, else empty."""
    for column in row.table.columns:
        parent = row.values.get(column.name)
        if column.parent and parent is not None and parent not in held[column.parent]:
            return column.name
    return ""


def _is_branch(row: Row, held: Held) -> bool:
    """Whether a client's branch_code names a unit of kind branch (F20)."""
    return held["branches"][row.values["branch_code"]][-1].values["kind"] == "branch"


def _one_per_day(rows: list[Row]) -> list[Row]:
    """The rows in order of trade date, of each trade date the one of the highest version (F12)."""
    by_day: dict[date, Row] = {}
    for row in sorted(rows, key=lambda row: (row.day, row.version)):
        by_day[row.day] = row
    return list(by_day.values())


def _events(
    table: columns.Table, packages: list[Package], held: Held, quarantine: list[Quarantined]
) -> list[Row]:
    """The event rows that count: of the versions in force, each key once, earliest trade date (F11)."""
    counted: dict[tuple, Row] = {}
    per_day = table in (columns.BALANCES, columns.HOLDINGS)
    for package in packages:
        for row in package.rows.get(table.name, []):
            fault = row.fault
            if fault is None and (orphan := _orphan_column(row, held)):
                fault = Fault(PARENT, orphan)
            if fault is not None:
                quarantine.append(Quarantined(row, fault))
            else:
                counted.setdefault((row.key, row.day) if per_day else row.key, row)
    return list(counted.values())
