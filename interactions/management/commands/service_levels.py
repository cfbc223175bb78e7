"""`manage.py service_levels --from 2026-11-01 --to 2026-11-23`: makes the service levels anew."""

import argparse
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interactions import levels


class Command(BaseCommand):
    help = "Rebuilds the service levels of some days, both inside; what is unchanged stays untouched."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        last = options["last"] or levels.today()
        first = options["first"] or last - timedelta(days=levels.SWEPT_DAYS - 1)
        if first > last:
            raise CommandError("--from lies after --to.")
        self.stdout.write(f"{first} to {last}: {levels.rebuild(first, last)} rows written")
