"""Processor seconds of what is measured; other work on the machine changes them less than the clock."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, GROUP, OWN, OF_CHILDREN = 1, 2, slice(11, 13), slice(13, 15)  # places in /proc/<pid>/stat


def of_group(leader: int) -> float:
    """Seconds used so far by the living processes of a group (Linux; elsewhere 0)."""
    return sum(_seconds(told, OWN) for told in _all() if int(told[GROUP]) == leader)


def of_database() -> float:
    """Seconds used so far by the database server on this machine, ended sessions included; else 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = _stat(Path(f"/proc/{cursor.fetchone()[0]}"))
    if own is None:
        return 0.0
    server = own[PARENT]
    living = sum(_seconds(told, OWN) for told in _all() if told[PARENT] == server)
    itself = _stat(Path(f"/proc/{server}")) or []
    return living + _seconds(itself, OWN) + _seconds(itself, OF_CHILDREN)


def _all() -> Iterator[list[str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        told = _stat(folder)
        if told is not None:
            yield told


def _stat(folder: Path) -> list[str] | None:
    """The fields after the name, which may hold anything; None of a process that is gone."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _seconds(told: list[str], which: slice) -> float:
    return sum(int(ticks) for ticks in told[which]) / TICKS
