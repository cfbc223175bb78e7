"""The text of one file as it comes: hashed on the way, cut into physical lines and CSV records (F14, F19)."""

import codecs
import csv
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from trading.feed.faults import Refused
from trading.feed.parquet import made_text
from trading.feed.source import Source, delivered_name

BLOCK = 1024**2
LONGEST_LINE = 1024**2


@dataclass(frozen=True)
class Record:
    """One CSV record: the physical line it starts on (the header's is 1), its own text, its fields.

    A Parquet file's rows are numbered as lines: the first is line 2, as if a header stood above it.

    fields are None where the quoting is broken, and empty for a blank line, which is no record (F23).
    """

    line: int
    text: str
    fields: list[str] | None


class Readable(Protocol):
    """Where a text's bytes come from."""

    def read(self, size: int, /) -> bytes: ...


class FeedText:
    """Reads a file once, front to back, with bounded memory; `sha256` is the file's after its last line.

    Raises Refused for bytes that are not UTF-8 and for endless lines.
    """

    def __init__(self, name: str, stream: Readable) -> None:
        self.name = name
        self.line = 0  # physical lines read so far
        self._hash = hashlib.sha256()
        self._stream = stream
        self.lines = self._lines()
        first = next(self.lines, "")
        self.header = (self.record(first).fields or []) if first else []

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def record(self, text: str) -> Record:
        """The record that begins with this line; takes further lines when a quoted field goes on."""
        self.line += 1
        start, taken = self.line, [text]
        reader = csv.reader(self._going_on(taken), strict=True)
        try:
            fields = next(reader)
        except csv.Error:
            return Record(start, "".join(taken), None)
        return Record(start, "".join(taken), fields)

    def records(self) -> Iterator[Record]:
        """All records from here on."""
        for text in self.lines:
            record = self.record(text)
            if record.fields != []:
                yield record

    def _going_on(self, taken: list[str]) -> Iterator[str]:
        yield taken[0]
        for text in self.lines:
            self.line += 1
            taken.append(text)
            yield text

    def _lines(self) -> Iterator[str]:
        """Physical lines with their ends; only a line feed ends one."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        rest = ""
        while block := self._stream.read(BLOCK):
            self._hash.update(block)
            rest += self._decoded(decoder, block)
            whole = rest.rfind("\n") + 1
            yield from io.StringIO(rest[:whole], newline="\n")
            rest = rest[whole:]
            if len(rest) > LONGEST_LINE:
                raise Refused("long_line", file=self.name, most=LONGEST_LINE)
        yield from io.StringIO(rest + self._decoded(decoder, b"", final=True), newline="\n")

    def _decoded(self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> str:
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError as error:
            raise Refused("not_utf8", file=self.name) from error


class RowText(FeedText):
    """Text made of a Parquet file's rows: each counts as one line, whatever line ends its values hold."""

    def __init__(self, name: str, stream: Readable, sha256: str) -> None:
        self._file_sha256 = sha256
        super().__init__(name, stream)

    @property
    def sha256(self) -> str:
        return self._file_sha256

    def _going_on(self, taken: list[str]) -> Iterator[str]:
        yield taken[0]
        for text in self.lines:
            taken.append(text)
            yield text


@contextmanager
def opened_text(source: Source, name: str, sha256: str = "") -> Iterator[FeedText]:
    """A table's file in a package, delivered as CSV or as Parquet; `name` is its name as CSV.

    sha256: what the checksum should be. A Parquet file with another one is not looked into: raises Refused.
    """
    there = delivered_name(source.names(), name)
    with source.open(there) as stream:
        if there == name:
            yield FeedText(name, stream)
            return
        with _on_disk(stream) as file:
            if sha256 and hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
                raise Refused("checksum", file=name)
            with made_text(file, there) as made:
                yield RowText(there, made, sha256)


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself, or a copy when it comes out of a zip: Parquet is read from its end."""
    try:
        stream.fileno()
    except OSError:
        with tempfile.TemporaryFile() as copy:  # has no name: gone with this process
            shutil.copyfileobj(stream, copy, BLOCK)
            copy.seek(0)
            yield copy
    else:
        yield stream
