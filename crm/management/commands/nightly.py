"""`manage.py nightly --as-of D`: the nightly run to its end, with a progress bar."""

import json
import sys
import threading
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.audit import SystemActor
from core.models import Run, RunStep
from crm import nightly

BAR = 30


class Command(BaseCommand):
    help = "Runs every step of the nightly run as of a date; a run that was killed goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, help="date, e.g. 2026-10-31")
        parser.add_argument(
            "--from-step",
            choices=[step.name for step in nightly.STEPS],
            help="redo from this step of the last run",
        )
        parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = nightly.request_run(as_of=options["as_of"], actor=SystemActor("command line"))
            if options["from_step"]:
                nightly.skip_to(run, options["from_step"])
        except nightly.NotPossible as error:
            raise CommandError(str(error)) from error
        run = self._execute(run, quiet=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(nightly.summary(run)))
        if run.state != Run.State.DONE:
            raise CommandError(f"run {run.pk} is {run.state}: another process is at work on a run")

    def _execute(self, run: Run, *, quiet: bool) -> Run:
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(run, stop), daemon=True)
        if not quiet and not connection.in_atomic_block:
            watcher.start()
        try:
            return nightly.execute(run.pk)
        except Exception as error:
            raise CommandError(f"the run stopped: {error}") from error
        finally:
            stop.set()
            if watcher.is_alive():
                watcher.join()

    def _watch(self, run: Run, stop: threading.Event) -> None:
        """Draws the bar from the ledger, on a connection of its own."""
        while not stop.wait(0.5):
            self._draw(run)
        self._draw(run)
        sys.stderr.write("\n")
        connection.close()

    def _draw(self, run: Run) -> None:
        steps = list(RunStep.objects.filter(run=run).order_by("position"))
        parts = [1.0 if step.state == Run.State.DONE else step.done / max(step.total, 1) for step in steps]
        share = sum(parts) / max(len(parts), 1)
        current = next((step.name for step in steps if step.state == Run.State.RUNNING), "")
        filled = int(share * BAR)
        sys.stderr.write(f"\r{run.as_of} [{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%} {current:<12}")
        sys.stderr.flush()
