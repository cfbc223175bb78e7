"""Uploaded tables read by a process of their own, some rows after the other."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

READER = Path(__file__).with_name("table_reader.py")
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")  # the child gets no keys
MOST_SECONDS = 150
REFUSALS = {
    "too_large": _("The file holds more than 200 MiB when unpacked."),
    "too_many_rows": _("At most 100 000 rows at once; split the file."),
    "too_many_columns": _("At most 200 columns."),
    "cell_too_long": _("A cell holds more than 10 000 characters."),
    "quotes": _("A quotation mark is not closed, or stands where none may."),
    "not_text": _("This is neither XLSX nor text in UTF-8 or GB18030."),
    "encrypted": _("The file is encrypted."),
    "empty": _("The file has no header."),
    "not_readable": _("The file is damaged, or no table."),
}


class NotReadable(Exception):
    """The file can't be taken; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        self.code = code if code in REFUSALS else "not_readable"
        super().__init__(self.code)


def read_table(content: bytes) -> Iterator[Any]:
    """First the header ({"form", "columns"}), then [number, cells] for each row. Raises NotReadable."""
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    command = [sys.executable, "-P", str(READER)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdin and child.stdout and child.stderr
        clock = threading.Timer(MOST_SECONDS, child.kill)
        feeder = threading.Thread(target=_feed, args=(child.stdin, content), daemon=True)
        clock.start()
        feeder.start()
        try:
            for line in child.stdout:
                yield json.loads(line)
            said = child.stderr.read()
            if child.wait():
                raise NotReadable(_code(said))
        finally:
            clock.cancel()
            child.kill()
            feeder.join()


def _feed(pipe: Any, content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except OSError:  # it has given up already, and says why
        return


def _code(said: bytes) -> str:
    """What the process said last; nothing that can be read when the file brought it down."""
    try:
        return str(json.loads(said.splitlines()[-1])["code"])
    except (IndexError, ValueError, TypeError, KeyError):
        return "not_readable"
