"""Possible duplicates under the clock, against one plain grouping of the same table."""

from django.db import connection

from clients.actions.duplicates import find_duplicates
from clients.models import DuplicatePair
from crm.bench.clock import seconds
from crm.bench.fill import Say

GROUPED = "SELECT count(*) FROM (SELECT 1 FROM clients_client GROUP BY id_index HAVING count(*) > 1) AS alike"


def measure(say: Say) -> None:
    """Seconds of a first search, of a second that finds nothing new, and of the yardstick."""
    yardstick = seconds(_grouped)
    DuplicatePair.objects.all().delete()
    first, again = seconds(find_duplicates), seconds(find_duplicates)
    pairs = DuplicatePair.objects.count()
    say(f"  yardstick, one GROUP BY id_index: {yardstick:.1f} s")
    say(f"duplicates: {pairs:,} pairs in {first:.1f} s ({first / yardstick:.1f} x), again {again:.1f} s")


def _grouped() -> None:
    with connection.cursor() as cursor:
        cursor.execute(GROUPED)
        cursor.fetchall()
