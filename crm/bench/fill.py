"""Fills an empty database with a firm of N clients: masters, 23 closed months, the running month's days."""

import calendar
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction

from clients.models import Client
from core import sql
from crm.bench.people import readings, syllables
from interactions.models import Category
from staff.models import Unit, UnitRecord
from trading.feed import partitions
from trading.models import FeedPackage
from trading.queries import trading_days

BRANCHES = 200
REGIONS = 5
MONTHS = 24
FILLED_TO = date(2026, 10, 14)  # the trading days after it are loaded and computed under the clock
PER_CLIENT = 5  # interactions
Say = Callable[[str], None]


@contextmanager
def without_foreign_keys(table: str) -> Iterator[None]:
    """Takes a table's foreign keys away while it is filled and puts them back, checked, afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [table],
        )
        keys = cursor.fetchall()
        for name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        for name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def first_day() -> date:
    year, month = divmod(FILLED_TO.year * 12 + FILLED_TO.month - MONTHS, 12)
    return date(year, month + 1, 1)


def fill_people(clients: int, say: Say) -> None:
    """Makes the units and the clients with their accounts, which is all that search needs."""
    started = time.monotonic()
    _units()
    _clients(clients)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE clients_client, clients_account, clients_reading")
    say(f"{clients:,} clients with accounts: {time.monotonic() - started:.0f} s")


def fill(clients: int, say: Say) -> None:
    """Makes the firm as it stands on FILLED_TO, without any derived figure but ClientMonth."""
    fill_people(clients, say)
    started = time.monotonic()
    _days()
    with without_foreign_keys("trading_clientmonth"):
        _months()
    say(f"client-months of {MONTHS - 1} closed months: {time.monotonic() - started:.0f} s")
    _balances()
    say(f"balances of the running month: {time.monotonic() - started:.0f} s")
    with without_foreign_keys("interactions_interaction"):
        _interactions(clients)
    say(f"{clients * PER_CLIENT:,} interactions: {time.monotonic() - started:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def _units() -> None:
    opened = date(1995, 1, 1)
    head = Unit.objects.create(code="HQ", name="总部", kind=Unit.Kind.HQ, opened_on=opened)
    for number in range(1, REGIONS + 1):
        Unit.objects.create(
            code=f"R{number}", name=f"区域{number}", kind=Unit.Kind.REGION, parent=head, opened_on=opened
        )
    sql.run("crm", "bench_units", {"branches": BRANCHES})
    UnitRecord.objects.bulk_create(
        UnitRecord(
            unit=unit,
            told_on=first_day(),
            name=unit.name,
            kind=unit.kind,
            parent=unit.parent,
            opened_on=unit.opened_on,
        )
        for unit in Unit.objects.select_related("parent")
    )


@transaction.atomic
def _clients(clients: int) -> None:
    params = {"clients": clients, "branches": BRANCHES, "first_day": first_day(), **syllables()}
    sql.run("crm", "bench_clients", params)
    sql.run(
        "crm", "bench_readings", readings(Client.objects.order_by().values_list("name", flat=True).distinct())
    )
    sql.run("crm", "bench_records", {})
    sql.run("crm", "bench_accounts", {})


@transaction.atomic
def _days() -> None:
    """Every session up to FILLED_TO counts as loaded."""
    FeedPackage.objects.bulk_create(
        FeedPackage(
            name=f"{day}",
            trade_date=day,
            version=1,
            state=FeedPackage.State.LOADED,
            digest="",
            sent_by="bench",
        )
        for day in trading_days(first_day(), FILLED_TO)
    )


def _months() -> None:
    month, number = first_day(), 0
    while month < FILLED_TO.replace(day=1):
        length = calendar.monthrange(month.year, month.month)[1]
        sessions = len(trading_days(month, month.replace(day=length)))
        params = {"month": month, "number": number, "days": length, "trading_days": sessions}
        with transaction.atomic():
            sql.run("crm", "bench_months", params)
        month, number = (month.replace(day=28) + timedelta(days=4)).replace(day=1), number + 1


def _balances() -> None:
    month = FILLED_TO.replace(day=1)
    with transaction.atomic():
        partitions.ensure("trading_balance", [month])
    for number, day in enumerate(trading_days(month, FILLED_TO)):
        with transaction.atomic():
            sql.run("crm", "bench_balances", {"day": day, "number": number})


def _interactions(clients: int) -> None:
    category = Category.objects.get(code="enquiry").pk
    params = {
        "interactions": clients * PER_CLIENT,
        "clients": clients,
        "category": category,
        "until": f"{FILLED_TO}T16:00:00+08:00",
    }
    with transaction.atomic():
        sql.run("crm", "bench_interactions", params)
