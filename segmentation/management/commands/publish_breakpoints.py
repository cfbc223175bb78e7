"""Publishes breakpoints taken from the clients scored on a day, as a new version of the value model."""

import getpass
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.audit import SystemActor
from core.errors import Refusal
from segmentation.actions.publishing import is_first_publication, publish_breakpoints


class Command(BaseCommand):
    help = "Publishes a version of the value model with breakpoints of a day (S2, S14)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day, YYYY-MM-DD")
        parser.add_argument(
            "--short-history",
            action="store_true",
            help="publish although fewer than 12 closed months are loaded",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.ALLOW_COMMAND_LINE_PUBLISH or is_first_publication()):
            raise CommandError(
                "Publishing from the command line is switched off (CRM_COMMAND_LINE_PUBLISH); "
                "a second person has to approve."
            )
        try:
            version = publish_breakpoints(
                as_of=options["as_of"],
                proposer=SystemActor(getpass.getuser()),
                approver=SystemActor("command line"),
                short_history=options["short_history"],
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Version {version.number} is published; the next nightly run scores with it.")
