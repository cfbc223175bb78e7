"""`manage.py whole_day STEP`: the steps of `./dev.py bench day` (docs/simulator.md)."""

import os
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.bench import whole_day
from crm.management.commands.channel_simulator import known_lines, known_numbers
from crm.simulator.day import Asked, Day, make_day
from crm.simulator.plan import LINES

STEPS = ("prepare", "before", "play", "settle", "check")


class Command(BaseCommand):
    help = (
        "One step of the simulated day with all its sides; its database must hold nothing else of that day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=STEPS)
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument("--calls", type=int, default=50_000)
        parser.add_argument("--messages", type=int, default=20_000)
        parser.add_argument("--filings", type=int, default=5_000, help="entries that another system logs")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--date", type=date.fromisoformat, default=None, help="the day; default: yesterday"
        )
        parser.add_argument("--connections", type=int, default=6)
        parser.add_argument(
            "--together", type=int, default=20, help="events in one call, where a line takes it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.path = Path(os.environ["CRM_DATA"]) / "whole-day.json"
        if options["step"] == "prepare":
            whole_day.prepare(self.path)
        elif options["step"] == "settle":
            self._end([] if whole_day.settle(self._say) else ["not all was done"])
        else:
            self._with_plan(self._day(options), options)

    def _with_plan(self, day: Day, options: dict[str, Any]) -> None:
        filed = whole_day.filings(day, options["filings"])
        if options["step"] == "before":
            whole_day.note_costs(day, self.path)
        elif options["step"] == "play":
            self._end(whole_day.run(
                day, known_lines(), options["url"], self.path, filed, self._say,
                connections=options["connections"], together=options["together"],
            ))  # fmt: skip
        else:
            self._end(whole_day.verdict(day, self.path, filed, self._say))

    def _day(self, options: dict[str, Any]) -> Day:
        when = options["date"] or timezone.localdate() - timedelta(days=1)
        lines = known_lines().adapters
        return make_day(Asked(
            start=whole_day.start_of(when.isoformat()), agents=whole_day.desk_names(), calls=options["calls"],
            messages=options["messages"], seed=options["seed"], known=known_numbers(),
            lines=tuple(code for code, adapter in lines.items() if LINES.get(code) and code == adapter),
        ))  # fmt: skip

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _end(self, wrong: list[str]) -> None:
        if wrong:
            raise CommandError("\n".join([f"{len(wrong):,} lines of faults", *wrong[:60]]))
        self._say("in order")
