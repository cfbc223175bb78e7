"""`./dev.py bench`: fills a database of its own once, then measures; nothing here asserts wall time."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.models import Client
from core.audit import SystemActor
from core.models import Run
from crm.bench import (
    articles,
    bulk,
    campaigns,
    cards,
    clock,
    clocks,
    day,
    desks,
    fill,
    ingest,
    nights,
    pages,
    quality,
    search,
    segments,
    what_if,
)
from trading import feed
from trading.models import FeedPackage

# of clients only, so that no day of trades has to be loaded
OF_PEOPLE = {"search", "duplicates", "ingest", "desks", "bulk", "clocks", "articles", "campaigns"}
WHAT = ("load", "nightly", "pages", "segments", "whatif", "cards", *sorted(OF_PEOPLE))


class Command(BaseCommand):
    help = "Measures speed at a size; the first call fills the benchmark's own database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="*", default=[], help=f"of {', '.join(WHAT)}; all when left out")
        parser.add_argument("--clients", type=int, default=1_000_000)
        parser.add_argument("--trades", type=int, default=600_000)

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["what"] or list(WHAT)
        if unknown := set(chosen) - set(WHAT):
            raise CommandError(f"no such measurement: {', '.join(unknown)}; choose of {', '.join(WHAT)}")
        self._fill(options["clients"], only_people=set(chosen) <= OF_PEOPLE)
        if "load" in chosen:
            self._load(options["clients"], options["trades"])
        if "nightly" in chosen:
            nights.measure(self._say)
        if "pages" in chosen:
            pages.measure(self._say)
        if "segments" in chosen:
            segments.measure(self._say)
        if "whatif" in chosen:
            what_if.measure(self._say)
        if "cards" in chosen:
            cards.measure(self._say)
        if "search" in chosen:
            search.measure(self._say)
        if "duplicates" in chosen:
            quality.measure(self._say)
        if "ingest" in chosen:
            ingest.measure(self._say)
        if "desks" in chosen:
            desks.measure(self._say)
        if "bulk" in chosen:
            bulk.measure(self._say)
        if "clocks" in chosen:
            clocks.measure(self._say)
        if "articles" in chosen:
            articles.measure(self._say)
        if "campaigns" in chosen:
            campaigns.measure(self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _fill(self, clients: int, only_people: bool) -> None:
        held = Client.objects.exclude(status=Client.Status.PROSPECT).count()
        if held and held != clients:
            raise CommandError(f"this database holds {held} clients; set CRM_DATA to another folder")
        if only_people:
            if not held:
                fill.fill_people(clients, self._say)
            return
        if held and not FeedPackage.objects.exists():
            raise CommandError("this database was filled with clients only; set CRM_DATA to another folder")
        if not held:
            fill.fill(clients, self._say)
        if not Run.objects.filter(state=Run.State.DONE).exists():
            nights.settle(self._say)

    def _load(self, clients: int, trades: int) -> None:
        """The next day's package through the feed door, everything checked."""
        with tempfile.TemporaryDirectory() as folder:
            package = day.write_next_day(Path(folder), clients, trades)
            found = []
            spent = clock.seconds(
                lambda: found.append(feed.load_package(package, actor=SystemActor("bench")))
            )
        rows = found[0].loaded
        self._say(
            f"feed load: {found[0].state}, {rows:,} rows in {spent:.1f} s, {rows / spent:,.0f} rows a second"
        )
