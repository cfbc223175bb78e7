"""Feed packages of the demo: written some days ahead in a thread, loaded one after the other."""

import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

from crm.demo import Demo
from crm.demo_loading.asked import ACTOR
from trading.feed import load_package
from trading.models import FeedPackage

AHEAD = 3
"""Days written ahead of the one being loaded, while the database works."""


def loaded(demo: Demo, days: Sequence[date]) -> Iterator[date]:
    """Loads the packages of these days in order; gives each day when its packages are in."""
    with (
        tempfile.TemporaryDirectory(prefix="demo-feed-") as directory,
        closing(_written(demo, days, Path(directory))) as written,
    ):
        for day, folders in written:
            for folder in folders:
                _load(folder)
            yield day


def _written(
    demo: Demo, days: Sequence[date], directory: Path
) -> Generator[tuple[date, list[Path]], None, None]:
    with ThreadPoolExecutor(1) as pool:
        waiting: list[tuple[date, Future[list[Path]]]] = []
        for day in days:
            waiting.append((day, pool.submit(demo.write_package, day, directory)))
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
