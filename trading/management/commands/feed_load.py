"""`manage.py feed_load PATH... [--json]`: loads feed packages."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core.audit import SYSTEM
from trading.feed import LoadResult, load_package
from trading.models import FeedPackage

State = FeedPackage.State


class Command(BaseCommand):
    help = "Loads feed packages (folders or zips). All are tried; the exit code is 1 when any was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each package")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = False
        for path in options["paths"]:
            result = load_package(path, actor=SYSTEM)
            refused = refused or result.state == State.REFUSED
            self._tell(result, as_json=options["json"])
        if refused:
            raise SystemExit(1)

    def _tell(self, result: LoadResult, *, as_json: bool) -> None:
        if result.state == State.REFUSED:
            self.stderr.write(f"{result.name}: {_('refused')}. {result.reason}")
        if as_json:
            self.stdout.write(json.dumps(as_dict(result), ensure_ascii=False))
        elif result.state != State.REFUSED:
            self.stdout.write(f"{result.name}: {_words(result)}")


def as_dict(result: LoadResult) -> dict[str, Any]:
    """One package's line; loaded and quarantined are numbers of rows, other states true or false (F22)."""
    names = ("rows", "loaded", "quarantined", "dropped")
    return {
        "package": result.name,
        "id": result.package_id,
        "trade_date": result.trade_date.isoformat() if result.trade_date else None,
        "version": result.version,
        "state": result.state,
        "loaded": result.loaded,
        "quarantined": result.quarantined,
        "refused": result.state == State.REFUSED,
        "already_loaded": result.state == State.ALREADY_LOADED,
        "superseded": result.state == State.SUPERSEDED,
        "released": result.released,
        "reason": result.reason,
        "files": {name: {key: counts[key] for key in names} for name, counts in result.files.items()},
    }


def _words(result: LoadResult) -> str:
    if result.state == State.ALREADY_LOADED:
        return _("already loaded, nothing changed")
    if result.state == State.SUPERSEDED:
        return _("superseded by the version that is loaded, nothing changed")
    counts = {"loaded": result.loaded, "quarantined": result.quarantined, "released": result.released}
    return _("%(loaded)s rows loaded, %(quarantined)s in quarantine, %(released)s released") % counts
