"""`manage.py find_duplicates`: looks for records that may be one client, as every night."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from clients.actions.duplicates import find_duplicates
from clients.models import DuplicatePair


class Command(BaseCommand):
    help = "Finds pairs of client records that share an ID, a mobile, or name and birth date."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        changed = find_duplicates()
        there = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).count()
        self.stdout.write(f"{there} open pairs, {changed} new or changed, {time.monotonic() - began:.1f} s")
