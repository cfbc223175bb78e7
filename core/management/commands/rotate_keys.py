"""`manage.py rotate_keys`: seals everything anew with the newest key while the house works."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import crypto, keys


class Command(BaseCommand):
    help = (
        "Puts all sealed personal data under the newest key of CRM_DATA_KEYS. It may be interrupted and"
        " started again, and people may work meanwhile. --check only counts."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="count values by key; exit 1 if older ones are left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            written = keys.rotate(self._tell)
            self.stdout.write(f"{written} rows sealed anew with key {crypto.newest_key()}.")
        else:
            for one in keys.held():
                self.stdout.write(f"{one.column}: {one.values} values under key {one.key}")
        self._conclude()

    def _tell(self, table: str, done: int, there: int) -> None:
        self.stdout.write(f"{table}: {done} of {there}")

    def _conclude(self) -> None:
        newest, used = crypto.newest_key(), keys.keys_in_use()
        older = {key: count for key, count in used.items() if key < newest}
        if older:
            words = ", ".join(f"{count} under key {key}" for key, count in sorted(older.items()))
            raise CommandError(f"Values left: {words}. Run rotate_keys again.")
        unused = sorted(set(settings.DATA_KEYS) - {newest})
        if unused:
            numbers = ", ".join(map(str, unused))
            self.stdout.write(
                f"No value needs key {numbers} any more. Remove it from CRM_DATA_KEYS once every process"
                " runs with the newest key and no backup that needs it is kept."
            )
