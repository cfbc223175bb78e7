"""Feed packages written from what is held, so that they can go through the door again."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from clients import identifiers
from core import sql
from trading.feed.columns import CLIENTS, FILES, HOLDINGS, PARQUET, FeedFile
from trading.feed.source import MANIFEST
from trading.feed.written import CsvFile, ParquetFile, Written
from trading.models import FeedPackage

CONTROL_SUMS = {"balances.csv": "cash", "trades.csv": "gross_commission"}
ROWS_AT_ONCE = 5000
CSV_FORM, PARQUET_FORM = "csv", "parquet"
FORMS = (CSV_FORM, PARQUET_FORM)


@transaction.atomic
def export_packages(folder: Path, first: date, last: date, form: str = CSV_FORM) -> list[Path]:
    """Writes a package for each day loaded from `first` to `last`; returns their folders. `form`: of FORMS.

    The first carries all master rows as they stood by its day, so the packages load into an empty database.
    Names and contacts are those held now, in plain: the files are for their owner only.
    """
    packages = FeedPackage.objects.filter(
        state=FeedPackage.State.LOADED, trade_date__gte=first, trade_date__lte=last
    )
    return [
        _write_package(folder, package, form, is_first=number == 0)
        for number, package in enumerate(packages.order_by("trade_date"))
    ]


def _write_package(folder: Path, package: FeedPackage, form: str, *, is_first: bool) -> Path:
    version = "" if package.version == 1 else f".v{package.version}"
    path = folder / f"{package.trade_date}{version}"
    path.mkdir(parents=True, mode=0o700)
    promises = {}
    for name, file in FILES.items():
        there = PARQUET[name] if form == PARQUET_FORM else name
        promise = _write_file(path / there, file, {"day": package.trade_date, "is_first": is_first})
        if promise["rows"] or (
            file is HOLDINGS and name in package.files
        ):  # an empty snapshot tells something
            promises[there] = promise
        else:
            (path / there).unlink()
    manifest = {"trade_date": str(package.trade_date), "version": package.version, "files": promises}
    (path / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return path


def _write_file(path: Path, file: FeedFile, params: dict[str, Any]) -> dict[str, Any]:
    """One file; returns what the manifest says of it."""
    summed = CONTROL_SUMS.get(file.name)
    count, total = 0, Decimal(0)
    path.touch(mode=0o600)
    writer: Written = ParquetFile(path, file) if path.suffix == ".parquet" else CsvFile(path, file)
    with closing(writer):
        rows = _rows(file, params)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            writer.write(batch)
            count += len(batch)
            total += sum(row[summed] for row in batch) if summed else 0
    promise: dict[str, Any] = {"rows": count, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return {**promise, "sums": {summed: str(total)}} if summed else promise


def _rows(file: FeedFile, params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The file's rows, read a batch at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.statement("trading", f"export_{file.name.removesuffix('.csv')}"), params)
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            for values in batch:
                row = dict(zip(file.column_names, values, strict=True))
                yield _opened(row) if file is CLIENTS else row


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    """A client's row with its personal numbers in plain."""
    plain = {
        name: identifiers.unseal(row["client_no"], name, row[name]) for name in identifiers.SEALED_FIELDS
    }
    return {**row, **plain}
