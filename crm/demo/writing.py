"""Packages written by a process of its own, so that they are ready while others work with the database."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from crm.demo.demo import Demo

_demos: list[Demo] = []  # in the writing process: the one demo it writes


class Writer:
    """Takes days, best in ascending order, and writes their packages one after the other."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def write(self, day: date, directory: Path) -> "Future[list[Path]]":
        """The day's package folders, as of Demo.write_package."""
        return self._executor.submit(_write, day, directory)


@contextmanager
def writer(demo: Demo) -> Iterator[Writer]:
    """A writer of this demo's packages; it ends with the block."""
    spawned = get_context("spawn")  # a fork would share the database connections
    with ProcessPoolExecutor(1, spawned, initializer=_begin, initargs=(demo.arguments,)) as executor:
        yield Writer(executor)
        executor.shutdown(cancel_futures=True)


def _begin(arguments: dict[str, object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who waits for the packages
    Thread(target=_end_with_parent, daemon=True).start()
    _demos.append(Demo(**arguments))  # type: ignore[arg-type]


def _end_with_parent() -> None:
    """A killed parent can't end this process."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _write(day: date, directory: Path) -> list[Path]:
    return _demos[0].write_package(day, directory)
