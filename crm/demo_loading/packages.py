"""Feed packages of the demo: written some days ahead by another process, loaded one after the other."""

import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from datetime import date
from pathlib import Path

from crm.demo.writing import Writer
from crm.demo_loading.asked import ACTOR
from trading.feed import load_package
from trading.models import FeedPackage

AHEAD = 3
"""Days written ahead of the one being loaded, while the database works."""


def loaded(writer: Writer, days: Sequence[date]) -> Iterator[date]:
    """Loads the packages of these days in order; gives each day when its packages are in."""
    with (
        tempfile.TemporaryDirectory(prefix="demo-feed-") as directory,
        closing(_written(writer, days, Path(directory))) as written,
    ):
        for day, folders in written:
            for folder in folders:
                _load(folder)
            yield day


def _written(
    writer: Writer, days: Sequence[date], directory: Path
) -> Generator[tuple[date, list[Path]], None, None]:
    waiting: list[tuple[date, Future[list[Path]]]] = []
    for day in days:
        waiting.append((day, writer.write(day, directory)))
        if len(waiting) > AHEAD:
            yield from _ready(*waiting.pop(0))
    for pair in waiting:
        yield from _ready(*pair)


def _ready(day: date, future: "Future[list[Path]]") -> Iterator[tuple[date, list[Path]]]:
    """The folders of a day, removed when the next day is asked for."""
    folders = future.result()
    yield day, folders
    for folder in folders:
        shutil.rmtree(folder)


def _load(folder: Path) -> None:
    result = load_package(folder, actor=ACTOR)
    if result.state == FeedPackage.State.REFUSED:
        raise RuntimeError(f"demo package {result.name} was refused: {result.reason}")
