"""Writes a world as feed packages: balances and snapshots made out day by day, manifests with sums."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from . import columns
from .world import Account, Rows, Style, Subject, World

CENT = Decimal("0.01")
SUMMED = {"balances": "cash", "trades": "gross_commission", "cash_flows": "amount", "incomes": "amount"}


def write_world(world: World, directory: Path) -> list[Path]:
    """Write all packages, every version in a folder of its own; returns them by date and version."""
    written = []
    for place, day in enumerate(world.days):
        rows = world.rows[day]
        rows["balances"] = _balances(world, place, day) + rows["balances"]
        if day in world.snapshot_days:
            rows["holdings"] = _snapshot(world, day) + rows["holdings"]
        snapshot = day in world.snapshot_days
        written.append(write_package(directory, day, 1, rows, world.styles, keep_empty_holdings=snapshot))
        for version, correction in enumerate(world.corrections[day], start=2):
            rows = correction({table: list(kept) for table, kept in rows.items()})
            written.append(write_package(directory, day, version, rows, world.styles))
    return written


def _balances(world: World, place: int, day: date) -> list[dict]:
    """A row for every account with a non-zero balance (F1)."""
    rows = []
    for subject in world.subjects:
        for account in subject.accounts:
            told = [level for level in account.levels if level[0] <= day]
            if not told or day in account.silent or not any(told[-1][1:]):
                continue
            _, cash, market_value, product_value, debit = told[-1]
            market_value = _moved(market_value, subject, place)
            rows.append(
                {
                    "account_no": account.account_no,
                    "cash": cash,
                    "market_value": market_value,
                    "product_value": product_value,
                    "margin_debit": debit,
                }
            )
    return rows


def _moved(value: Decimal, subject: Subject, place: int) -> Decimal:
    """The market value of a day: a steady client's stays, the others' sway by a few per cent."""
    if subject.steady or not value:
        return value
    phase = int(subject.client_no[1:])
    sway = Decimal(round(1_000_000 * (1 + 0.04 * math.sin(place / 11 + phase)))) / 1_000_000
    return (value * sway).quantize(CENT)


def _snapshot(world: World, day: date) -> list[dict]:
    rows = []
    for subject in world.subjects:
        for account in subject.accounts:
            for market, code, quantity, product in _held(account, day):
                rows.append(
                    {
                        "account_no": account.account_no,
                        "market": market,
                        "security_code": code,
                        "quantity": quantity,
                        "market_value": "1000.00",
                        "product_code": product,
                    }
                )
    return rows


def _held(account: Account, day: date) -> list[tuple[str, str, str, str]]:
    told = [holdings for since, holdings in account.holdings if since <= day]
    return told[-1] if told else []


def write_package(
    directory: Path,
    day: date,
    version: int,
    rows: Rows,
    styles: dict[tuple[date, str], Style] | None = None,
    *,
    keep_empty_holdings: bool = False,
) -> Path:
    """Write one package folder; tables without rows are left out."""
    folder = directory / (day.isoformat() if version == 1 else f"{day.isoformat()}.v{version}")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    files = {}
    for table in columns.TABLES.values():
        told = rows.get(table.name, [])
        if not told and not (keep_empty_holdings and table.name == "holdings"):
            continue
        style = (styles or {}).get((day, table.name), Style())
        data, count = file_content(table, told, style)
        (folder / table.file).write_bytes(data)
        files[table.file] = {
            "rows": count,
            "sha256": hashlib.sha256(data).hexdigest(),
            **_sums(table.name, told),
        }
    write_manifest(folder, day, version, files)
    return folder


def write_manifest(folder: Path, day: date, version: int, files: dict) -> None:
    """Write the manifest of a package folder."""
    manifest = {"trade_date": day.isoformat(), "version": version, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


def file_content(table: columns.Table, rows: list, style: Style) -> tuple[bytes, int]:
    """The file's bytes and its number of records; a row given as text stands as it is."""
    names = [column.name for column in table.columns] + ([style.extra] if style.extra else [])
    ending = "\r\n" if style.windows else "\n"
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="x", lineterminator=ending)
    writer.writeheader()
    count = 0
    for row in rows:
        if isinstance(row, str):
            out.write(row + ending)
        else:
            writer.writerow(row)
        count += 1
        if style.blank and count == 1:
            out.write(ending)
    mark = "\ufeff" if style.mark else ""
    return (mark + out.getvalue()).encode(), count


def _sums(table: str, rows: list) -> dict:
    """The control sum of the table's column over rows given as dictionaries; raw lines give none."""
    column = SUMMED.get(table)
    if column is None or any(isinstance(row, str) for row in rows):
        return {}
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        try:
            totals[column] += Decimal(row[column] or 0)
        except InvalidOperation:
            continue
    return {"sums": {name: f"{total:.4f}" for name, total in totals.items()}}
