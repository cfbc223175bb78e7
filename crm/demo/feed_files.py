"""Writes tables as a feed package: CSV files and manifest.json, quickly and with flat memory.

A column is a ``Column`` of one or two integer arrays (money) or of ready texts; a table becomes text by one
%-template per row, which formats about a million balance rows a second.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crm.demo.identifiers import Integers

CHUNK = 1 << 16
NEEDS_QUOTES = re.compile('[,"\r\n]')


@dataclass(frozen=True)
class Column:
    """A CSV column: the %-template of a cell, the parts that fill it, and its sum in units of 10**-places."""

    template: str
    parts: tuple[Sequence[object] | Integers, ...]
    total: int | None = None
    places: int = 0

    def __len__(self) -> int:
        return len(self.parts[0])


def number(values: Integers, template: str = "%d") -> Column:
    """Integers in a form such as ``A%08d``."""
    return Column(template, (values,))


def text(values: Sequence[str]) -> Column:
    """Texts that need no quoting."""
    return Column("%s", (values,))


def words(options: Sequence[str], places: Integers | NDArray[np.bool_]) -> Column:
    """For each row the option at its place; options need no quoting."""
    return text([options[place] for place in places.tolist()])


def money(values: Integers, places: int = 2) -> Column:
    """Decimals given as integers of 10**-places, e.g. cents."""
    total = int(values.sum())
    if len(values) and int(values.min()) < 0:
        return Column(
            "%s", ([f"{Decimal(value).scaleb(-places):f}" for value in values.tolist()],), total, places
        )
    units, rest = np.divmod(values, 10**places)
    return Column(f"%d.%0{places}d", (units, rest), total, places)


def quoted(value: str) -> str:
    """The text as an RFC 4180 field."""
    if NEEDS_QUOTES.search(value):
        return '"' + value.replace('"', '""') + '"'
    return value


@dataclass(frozen=True)
class Table:
    """Columns of equal length under their names, plus ready-made extra lines (bad rows) at the end."""

    columns: dict[str, Column]
    extra: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) + len(self.extra)

    def lines(self) -> Iterator[str]:
        """The CSV text in blocks of rows."""
        yield ",".join(self.columns) + "\n"
        template = ",".join(column.template for column in self.columns.values()) + "\n"
        rows = zip(*self._parts(), strict=True)
        while block := "".join(map(template.__mod__, islice(rows, CHUNK))):
            yield block
        yield "".join(line + "\n" for line in self.extra)

    def total(self, name: str) -> str:
        """Control sum of a column with four decimals."""
        column = self.columns[name]
        return f"{Decimal(column.total or 0).scaleb(-column.places):.4f}"

    def _parts(self) -> Iterator[Iterator[object]]:
        for column in self.columns.values():
            for part in column.parts:
                yield _plain(part)


@dataclass(frozen=True)
class RowTable:
    """A table whose rows of texts are made while it is written: nothing of it is held in memory."""

    names: tuple[str, ...]
    count: int
    rows: Callable[[], Iterable[Sequence[str]]]
    extra: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.count + len(self.extra)

    def lines(self) -> Iterator[str]:
        """The CSV text in blocks of rows."""
        yield ",".join(self.names) + "\n"
        texts = (",".join(map(quoted, row)) + "\n" for row in self.rows())
        while block := "".join(islice(texts, CHUNK)):
            yield block
        yield "".join(line + "\n" for line in self.extra)

    def total(self, name: str) -> str:
        """Text rows have no control sums."""
        raise ValueError(f"no control sum over {name}")


def rows_of(names: tuple[str, ...], rows: Sequence[Sequence[str]]) -> RowTable:
    """A table of the given rows."""
    return RowTable(names, len(rows), lambda: rows)


def _plain(part: Sequence[object] | Integers) -> Iterator[object]:
    """Plain Python values, turned chunk by chunk: formatting NumPy scalars one by one is slow."""
    if not isinstance(part, np.ndarray):
        return iter(part)
    return chain.from_iterable(part[start : start + CHUNK].tolist() for start in range(0, len(part), CHUNK))


def write_package(
    folder: Path,
    trade_date: str,
    version: int,
    tables: Mapping[str, Table | RowTable],
    sums: Mapping[str, str],
) -> None:
    """Writes the tables that have rows and the manifest; ``sums`` names the control column of a file, if any.

    Files with extra lines carry no control sum, since their cells need not be readable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        f"{name}.csv": _write_table(folder / f"{name}.csv", table, sums.get(name))
        for name, table in tables.items()
        if len(table)
    }
    manifest = {"trade_date": trade_date, "version": version, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _write_table(path: Path, table: Table | RowTable, control: str | None) -> dict[str, object]:
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for block in table.lines():
            data = block.encode()
            digest.update(data)
            stream.write(data)
    entry: dict[str, object] = {"rows": len(table), "sha256": digest.hexdigest()}
    if control and not table.extra:
        entry["sums"] = {control: table.total(control)}
    return entry
