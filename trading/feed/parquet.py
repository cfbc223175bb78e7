"""A file delivered as Parquet, read as the CSV text it stands for, so that every later step is shared.

A process of its own makes the text (trading.feed.parquet_reader), some rows after the other: what a broken or
hostile file does there harms nobody else, and what loads a package never has to import the library.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trading.feed.faults import Refused
from trading.feed.source import most_unpacked

READER = Path(__file__).with_name("parquet_reader.py")
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")  # the child gets no keys
SET = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}  # little memory set aside


class MadeText:
    """The text as it comes from the process; `read` raises Refused when it ends badly or grows too long."""

    def __init__(self, name: str, child: "subprocess.Popen[bytes]", most: int) -> None:
        assert child.stdout is not None
        self.name, self.most = name, most
        self._child, self._out = child, child.stdout
        self._size = 0

    def read(self, size: int) -> bytes:
        block = self._out.read(size)
        self._size += len(block)
        if self._size > self.most:
            raise Refused("parquet_too_large", file=self.name, most=self.most)
        if not block:
            self._check_end()
        return block

    def _check_end(self) -> None:
        _out, said = self._child.communicate()
        if self._child.returncode:
            raise _refusal(self.name, said)


@contextmanager
def made_text(file: BinaryIO, name: str) -> Iterator[MadeText]:
    """The CSV text of a Parquet file that lies on disk."""
    most = most_unpacked(os.fstat(file.fileno()).st_size)
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ} | SET
    command = [sys.executable, "-P", str(READER)]
    with subprocess.Popen(
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        try:
            yield MadeText(name, child, most)
        finally:
            child.kill()


def _refusal(name: str, said: bytes) -> Refused:
    """What the process said last; nothing that can be read when the file brought it down."""
    try:
        problem = json.loads(said.splitlines()[-1])
        return Refused(problem["code"], **{"file": name, **problem["values"]})
    except (IndexError, ValueError, TypeError, KeyError):
        return Refused("not_parquet", file=name)
