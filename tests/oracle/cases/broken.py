"""Packages that must be refused whole, one per reason (F12-F15, the share of bad rows)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ..world import Rows, World
from ..writer import write_manifest, write_package


def write_broken(world: World, directory: Path) -> list[tuple[Path, str]]:
    """Write each refused package into a folder of its own reason; returns (package, reason).

    All but the first two are dated on a trading day of the scenario that was left out of it.
    """
    day = date(2025, 8, 13)
    wounds: dict[str, Callable[[Path], object]] = {
        "F15 file missing": lambda package: (package / "trades.csv").unlink(),
        "F15 file not in manifest": lambda package: _edit_manifest(package, _drop_trades),
        "F15 column missing": _without_column,
        "F15 not UTF-8": lambda package: _rewrite(package, lambda data: data + b"\xff\xfe"),
        "F14 row count": lambda package: _edit_manifest(package, _count_more),
        "F14 checksum": lambda package: _edit_manifest(package, _other_checksum),
        "F14 control sum": lambda package: _edit_manifest(package, _other_sum),
        "truncated": _truncate,
        "no manifest": lambda package: (package / "manifest.json").unlink(),
        "too many bad rows": lambda package: None,
    }
    written = [
        (_package(directory / "not-a-trading-day", date(2025, 8, 16), world), "F13 no trading day"),
        (_misnamed(directory, day, world), "F13 folder's name"),
    ]
    for reason, wound in wounds.items():
        bad_rows = 10 if reason == "too many bad rows" else 0
        package = _package(directory / reason.replace(" ", "-"), day, world, bad_rows)
        wound(package)
        written.append((package, reason))
    written.append((_other_content(directory, world), "F12 same version, other content"))
    return written


def nine_bad_rows(world: World, directory: Path) -> Path:
    """A package with nine bad rows of few: it loads, for fewer than ten never trip the share."""
    return _package(directory, date(2025, 8, 13), world, 9)


def _package(directory: Path, day: date, world: World, bad_rows: int = 0) -> Path:
    client = next(subject for subject in world.subjects if subject.label == "L3 opening stock")
    good = {
        "trade_no": f"TB{day:%m%d}",
        "account_no": client.account.account_no,
        "traded_at": f"{day}T10:00:00+08:00",
        "market": "SH",
        "security_code": "600000",
        "side": "buy",
        "quantity": "100",
        "price": "10",
        "amount": "1000",
        "gross_commission": "5",
        "handling_fee": "0.0341",
        "csrc_fee": "0.02",
        "transfer_fee": "0.01",
        "stamp_duty": "0",
    }
    rows: Rows = {
        "trades": [good]
        + [{**good, "trade_no": f"TB{day:%m%d}-{place}", "side": "?"} for place in range(bad_rows)]
    }
    return write_package(directory, day, 1, rows)


def _misnamed(directory: Path, day: date, world: World) -> Path:
    package = _package(directory / "misnamed", day, world)
    return package.rename(package.with_name("2025-08-14"))


def _other_content(directory: Path, world: World) -> Path:
    """The version of a loaded day with another content."""
    return _package(directory / "other-content", world.on(2025, 9, 25), world)


def _edit_manifest(package: Path, edit: Callable[[dict], None]) -> None:
    manifest = json.loads((package / "manifest.json").read_text())
    edit(manifest["files"])
    write_manifest(
        package, date.fromisoformat(manifest["trade_date"]), manifest["version"], manifest["files"]
    )


def _drop_trades(files: dict) -> None:
    del files["trades.csv"]


def _count_more(files: dict) -> None:
    files["trades.csv"]["rows"] += 1


def _other_checksum(files: dict) -> None:
    files["trades.csv"]["sha256"] = "0" * 64


def _other_sum(files: dict) -> None:
    files["trades.csv"]["sums"] = {"gross_commission": "5.0001"}


def _truncate(package: Path) -> None:
    path = package / "trades.csv"
    path.write_bytes(path.read_bytes()[:-40])


def _rewrite(package: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the trades and let the manifest's checksum tie again."""
    path = package / "trades.csv"
    data = change(path.read_bytes())
    path.write_bytes(data)
    _edit_manifest(package, lambda files: files["trades.csv"].update(sha256=hashlib.sha256(data).hexdigest()))


def _without_column(package: Path) -> None:
    _rewrite(package, lambda data: data.replace(b"stamp_duty", b"stamp"))
