"""Feed packages that an operator may hold in hands: small zips of one day's trades."""

import shutil
from datetime import date
from pathlib import Path

from crm.demo.feed_files import rows_of, write_package
from trading.feed.columns import FILES

DAY = date(2026, 11, 2)
"""The first trading day after the firm's last one."""
FEES = ("5.0000", "0.4092", "0.2400", "0.1200", "0.0000")


def trade(number: int, account_no: str, side: str = "buy") -> tuple[str, ...]:
    """One row of trades.csv."""
    moment = f"{DAY}T10:0{number}:00+08:00"
    return (
        f"J{DAY:%Y%m%d}{number:04}",
        account_no,
        moment,
        "SH",
        "600036",
        side,
        "100",
        "35.20",
        "3520",
        *FEES,
    )


def zipped(directory: Path, version: int, *trades: tuple[str, ...], damaged: bool = False) -> Path:
    """A package of these trades; a damaged one was changed after its checksums were taken."""
    folder = directory / f"{DAY}.v{version}"
    names = tuple(column.name for column in FILES["trades.csv"].columns)
    write_package(folder, DAY.isoformat(), version, {"trades": rows_of(names, trades)}, {})
    if damaged:
        file = folder / "trades.csv"
        file.write_text(file.read_text().replace("35.20", "53.20"))
    return Path(shutil.make_archive(str(folder), "zip", folder))
