"""`manage.py create_admin`: the first administrator, on an empty system; prints the password."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from core import audit
from staff import actions
from staff.models import Person, Unit
from staff.roles import Role


class Command(BaseCommand):
    help = "Makes an administrator at headquarters with a fresh password, to be changed at the first sign-in."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--name", default="Administrator")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        found = Person.objects.filter(username=username).first()
        if found is not None:
            password = actions.reset_password(actor=audit.SYSTEM, person=found)
            self.stdout.write(f"{username} has a new password: {password}")
            return
        person, password = actions.create_person(
            actor=audit.SYSTEM, username=username, name=options["name"], employee_no=username
        )
        actions.give_role(
            actor=audit.SYSTEM, person=person, unit=_headquarters(), role=Role.ADMINISTRATOR,
            from_date=timezone.localdate(),
        )  # fmt: skip
        self.stdout.write(f"sign in as {username} with the password {password}")


def _headquarters() -> Unit:
    """The root of the tree; an empty system gets one that the first feed may rename."""
    found = Unit.objects.filter(kind=Unit.Kind.HQ).first()
    return found or Unit.objects.create(
        code="HQ", name="总部", kind=Unit.Kind.HQ, opened_on=date(1990, 12, 19)
    )
