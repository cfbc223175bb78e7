"""`manage.py export_feed DIR --from D --to D [--format F]`: writes feed packages from what is held."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from trading.feed.export import FORMS, export_packages


class Command(BaseCommand):
    help = "Writes feed packages from what is held, personal data in plain. feed_load takes them again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
        parser.add_argument("--format", choices=FORMS, default=FORMS[0])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            days = options["first"], options["last"]
            written = export_packages(Path(options["folder"]), *days, options["format"])
        except FileExistsError as error:
            raise CommandError(_("%(path)s is there already.") % {"path": error.filename}) from error
        self.stdout.write(_("%(count)s packages written") % {"count": len(written)})
