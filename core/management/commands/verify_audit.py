"""`manage.py verify_audit`: checks every audit chain; exit 1 and the place of the fault when one breaks."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import proof


class Command(BaseCommand):
    help = "Checks the audit trail's hash chains, also against the heads seen the last time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, default=settings.AUDIT_HEADS, help="file of the heads")

    def handle(self, *args: Any, **options: Any) -> None:
        faults, heads = proof.verify(options["heads"])
        if faults:
            raise CommandError("\n".join(faults))
        entries = sum(length for length, _head in heads.values())
        self.stdout.write(f"{entries} entries in {len(heads)} chains are whole; heads in {options['heads']}")
