"""Opens a line to a channel and prints its secrets, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import audit
from interactions.actions import lines
from interactions.channels.known import WAYS
from interactions.models import Line
from staff.models import Unit


class Command(BaseCommand):
    help = "Opens a line: the address it listens at, and the secrets the other side signs with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="its name in the address, such as hotline-east")
        parser.add_argument("--adapter", required=True, choices=sorted(WAYS))
        parser.add_argument("--unit", required=True, help="code of the unit whose queue it fills")
        parser.add_argument("--name", default="")
        parser.add_argument("--renew", action="store_true", help="give an existing line other secrets")

    def handle(self, *args: Any, **options: Any) -> None:
        made = lines.renewed_secrets if options["renew"] else lines.random_secrets
        secrets = made(options["adapter"])
        try:
            line = (
                self._renewed(options["code"], secrets)
                if options["renew"]
                else self._opened(options, secrets)
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"POST /api/v1/channels/{line.code}/events")
        for name, value in secrets.items():
            self.stdout.write(f"{name}: {value}")
        self.stdout.write("The secrets are not shown again.")

    @staticmethod
    def _opened(options: dict[str, Any], secrets: dict[str, str]) -> Line:
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"there is no unit {options['unit']}")
        return lines.open_line(
            actor=audit.SYSTEM, code=options["code"], adapter=options["adapter"],
            name=options["name"] or options["code"], unit=unit, secrets=secrets,
        )  # fmt: skip

    @staticmethod
    def _renewed(code: str, secrets: dict[str, str]) -> Line:
        line = Line.objects.filter(code=code).first()
        if line is None:
            raise CommandError(f"there is no line {code}")
        lines.renew_secrets(actor=audit.SYSTEM, line=line, secrets=secrets)
        return line
