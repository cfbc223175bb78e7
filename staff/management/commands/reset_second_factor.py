"""`manage.py reset_second_factor NAME --reason "..."`: for an administrator whom no other can help."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import audit
from staff.actions.second_factor import reset_second_factor
from staff.forms import Reason
from staff.queries import person_named


class Command(BaseCommand):
    help = "Takes app, passkeys and recovery codes from somebody and ends all their sign-ins."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why, in at least four words")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_named(options["username"])
        if person is None:
            raise CommandError("There is nobody of this name: " + options["username"])
        form = Reason({"reason": options["reason"]})
        if not form.is_valid():
            raise CommandError("Say in at least four words why.")
        reset_second_factor(actor=audit.SYSTEM, person=person, reason=form.cleaned_data["reason"])
        self.stdout.write(
            f"{person.username} signs in by password alone until a new second factor is set up."
        )
