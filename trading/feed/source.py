"""A package as it lies there: a folder, or a zip read without unpacking it to disk."""

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from zlib import error as ZlibError

from django.conf import settings

from trading.feed.columns import FILES, PARQUET
from trading.feed.faults import Refused

MANIFEST = "manifest.json"
MOST_ENTRIES = 200
SMALL = 50 * 1024**2  # bytes that anything may unpack to
READ = {*FILES, *PARQUET.values(), MANIFEST}
STARTS_WITH_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Source(Protocol):
    """Where the files of one package come from. `dated_names` must start with the trade date (F13)."""

    dated_names: list[str]

    def names(self) -> set[str]: ...

    def open(self, name: str) -> BinaryIO: ...


class FolderSource:
    """A package in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dated_names = [path.resolve().name]

    def names(self) -> set[str]:
        return {entry.name for entry in self.path.iterdir() if entry.is_file()}

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")


class ZipSource:
    """A package in a zip: its files at the top or in one folder. Never unpacked: `open` streams an entry.

    A folder inside must bear the trade date; without one the archive's own name must, unless it is
    `anonymous` (sent without a name) and tells no date.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str, *, anonymous: bool = False) -> None:
        self.archive = archive
        entries = _entries(archive)
        folder = _folder(entries)
        self.entries = {
            entry.filename.removeprefix(folder): entry
            for entry in entries
            if _parent(entry.filename) == folder
        }
        _check_sizes(list(self.entries.values()))
        self.dated_names = [folder.rstrip("/")] if folder else [name]
        if not folder and anonymous and not STARTS_WITH_DATE.match(name):
            self.dated_names = []

    def names(self) -> set[str]:
        return set(self.entries)

    def open(self, name: str) -> BinaryIO:
        return self.archive.open(self.entries[name])  # type: ignore[return-value]


@contextmanager
def opened(path: Path, name: str = "", *, anonymous: bool = False) -> Iterator[Source]:
    """The package at a path; `name` is what its sender called it. Raises Refused when there is none."""
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.is_file():
        raise Refused("not_found", path=name or str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            yield ZipSource(archive, name or path.name, anonymous=anonymous)
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError) as error:
        raise Refused("not_zip") from error


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The plain files of the archive."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_link(entry)]
    if len(entries) > MOST_ENTRIES:
        raise Refused("zip_too_many", most=MOST_ENTRIES)
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            raise Refused("zip_doubled", file=entry.filename)
        seen.add(entry.filename)
    return entries


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _folder(entries: list[zipfile.ZipInfo]) -> str:
    """The folder in which the manifest lies ("" at the top)."""
    folders = sorted(
        _parent(entry.filename) for entry in entries if entry.filename.split("/")[-1] == MANIFEST
    )
    if not folders or folders[0].count("/") > 1:
        raise Refused("no_manifest")
    return folders[0]


def _parent(filename: str) -> str:
    return filename[: filename.rfind("/") + 1]


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """A reader never gets more of an entry than its declared size, so those sizes bound what is unpacked."""
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("zip_encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("zip_method", file=entry.filename)
    known = [entry for entry in entries if entry.filename.split("/")[-1] in READ]
    packed = sum(entry.compress_size for entry in known)
    unpacked = sum(entry.file_size for entry in known)
    most = most_unpacked(packed)
    if unpacked > most:
        raise Refused("zip_too_large", most=most)


def most_unpacked(packed: int) -> int:
    """How many bytes so many packed ones may become."""
    return min(settings.FEED_UNPACKED_MAX_BYTES, max(packed * settings.FEED_MOST_RATIO, SMALL))


def delivered_name(names: set[str], name: str) -> str:
    """Which of `names` the file of a table is: trades.csv or trades.parquet. A package has one of them."""
    other = PARQUET[name]
    return other if other in names and name not in names else name
