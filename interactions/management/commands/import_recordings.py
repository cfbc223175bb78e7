"""`manage.py import_recordings FILE --line hotline [--dry-run]`: metadata of call recordings."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.importing.reading import NotReadable
from core import audit
from core.errors import Conflict
from interactions.actions.recordings import import_recordings
from interactions.models import Line


class Command(BaseCommand):
    help = "Imports a CSV of recordings; calls known already stay. Rows that don't fit are told, exit 1."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--line", required=True, help="code of the line")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        line = Line.objects.filter(code=options["line"]).first()
        if line is None:
            raise CommandError("There is no such line.")
        try:
            content = options["file"].read_bytes()
            report = import_recordings(
                actor=audit.SYSTEM, line=line, content=content, dry_run=options["dry_run"]
            )
        except (OSError, NotReadable, Conflict) as fault:
            raise CommandError(str(fault)) from fault
        for row in report.faults:
            self.stderr.write(f"row {row.row}, {row.call_id}: {row.reason}")
        self.stdout.write(f"{report.created} new, {report.known} known, {len(report.faults)} failed")
        if report.faults:
            raise CommandError("Some rows failed.")
