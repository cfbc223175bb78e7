"""Profit and client-days by tier, a month at a time; quarters and years are sums of their months."""

from datetime import date

from django.db import transaction

from core import sql
from kpis.rules.periods import add_months


def months_of(first: date, as_of: date) -> list[date]:
    """First days of the months from `first` to that of the as-of date."""
    found = []
    month = first.replace(day=1)
    while month <= as_of:
        found.append(month)
        month = add_months(month, 1)
    return found


@transaction.atomic
def make_month(month: date) -> int:
    """Brings a month's rows up to date; returns how many changed."""
    sql.allow_nested_loops(False)
    with sql.as_rows_lie():
        return sql.run("kpis", "tier_month", {"month": month})
