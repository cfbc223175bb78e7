"""`manage.py scorecards --period 2026-Q3`: makes one period's cards anew from what the last run left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import audit
from core.models import Run
from core.runs import last_finished
from kpis.models import Scorecard
from kpis.recompute import recompute_period
from kpis.rules import Period, parse_period
from trading.queries import first_month


class Command(BaseCommand):
    help = "Recomputes a period's scorecards as of the last finished run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, help="2026-10, 2026-Q3 or 2026")

    def handle(self, *args: Any, **options: Any) -> None:
        period, run = self._period(options["period"]), self._run()
        if period.start > run.as_of or period.end < first_month(run.as_of):
            raise CommandError(f"{period.name} has no loaded month up to {run.as_of}, the last run's date.")
        with transaction.atomic():
            rows = recompute_period(period, run.as_of)
            audit.record(
                actor=audit.SystemActor("command line"), deed="scorecards.recomputed",
                subject_type="period", subject_id=period.name, detail={"as_of": run.as_of, "rows": rows},
            )  # fmt: skip
        cards = Scorecard.objects.filter(period=period.name, current=True).count()
        self.stdout.write(f"{period.name} as of {run.as_of}: {cards} cards, {rows} rows written")

    def _period(self, name: str) -> Period:
        try:
            return parse_period(name)
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _run(self) -> Run:
        if Run.objects.filter(state=Run.State.RUNNING).exists():
            raise CommandError("A nightly run is at work; it makes the cards at its end.")
        run = last_finished()
        if run is None:
            raise CommandError("No run has finished yet; start one with manage.py nightly --as-of D.")
        return run
