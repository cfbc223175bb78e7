"""`manage.py demo_data`: a made-up brokerage, seeded and reproducible, loaded through the feed's own door."""

import argparse
import sys
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm import demo_loading

BAR = 30
STEP = 5  # percent between lines where the output is no terminal


class Command(BaseCommand):
    help = "Loads demo data into an empty database; started again after a kill, it goes on where it stopped."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--clients", type=int, default=5000)
        parser.add_argument("--months", type=int, default=24)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, help="last day; default: yesterday")
        parser.add_argument("--password", help="of the demo people; default: made up and printed")

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["until"] or timezone.localdate() - timedelta(days=1)
        asked = demo_loading.Asked(options["clients"], options["months"], options["seed"], until)
        self._due = 0
        try:
            demo_loading.make(asked, password=options["password"], report=self._draw, say=self.stdout.write)
        except demo_loading.NotEmpty as error:
            raise CommandError(str(error)) from error

    def _draw(self, words: str, share: float) -> None:
        """One line that renews itself on a terminal; elsewhere a line per five percent."""
        percent = int(share * 100)
        filled = int(share * BAR)
        bar = "#" * filled + "." * (BAR - filled)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r[{bar}] {percent:3d}%  {words:<50}")
            sys.stderr.flush()
        elif percent >= self._due:
            sys.stderr.write(f"[{bar}] {percent:3d}%  {words}\n")
            self._due = percent + STEP
