"""`manage.py api_client NAME --scopes a,b --units 1001,1002`: prints id and secret once."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import audit
from staff.clients import create_api_client


class Command(BaseCommand):
    help = "Makes an API client; its secret is printed once and kept only as a hash."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scopes", nargs="+", required=True, help="such as clients:read,scores:read")
        parser.add_argument("--units", nargs="*", default=[], help="unit codes; HQ means the whole firm")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create_api_client(
                actor=audit.SYSTEM,
                name=options["name"],
                scopes=_words(options["scopes"]),
                unit_codes=_words(options["units"]),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"client_id={made.client.client_id}")
        self.stdout.write(f"client_secret={made.secret}")


def _words(values: list[str]) -> list[str]:
    """Words separated by commas or spaces."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]
