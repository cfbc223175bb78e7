"""Master files taken in: what clients, accounts and products are, as told on each trade date (F4, F12)."""

from collections.abc import Callable

from clients.actions.ownership import settle_owners
from clients.models import Handover
from core import sql
from trading.feed import columns
from trading.feed.columns import FeedFile
from trading.feed.delivery import APP, Accepted, Delivery, hold_back, hold_present, waiting
from trading.feed.faults import Fault
from trading.feed.staging import Staged
from trading.feed.units import accept_branches
from trading.models import FeedPackage


def accept_clients(delivery: Delivery, staged: Staged) -> Accepted:
    """F4, F20: the newest values into Client, what the day told into ClientRecord, in any order of days."""
    hold_back(delivery, staged, "client_not_branch", Fault("not_branch", "branch_code"))
    hold_present(delivery, staged, "client")
    lines = waiting(delivery, staged, 0, {"branch_code": "client_waiting"})
    delivery.run("client_upsert")
    delivery.run("client_reading_delete")
    delivery.run("client_reading_insert")
    if _anything_loaded_before(delivery):
        delivery.run("client_mark")
    delivery.run("client_record_upsert")
    delivery.run("client_record_spans")
    _settle_handed_over()
    return Accepted(staged.left - lines.waiting_count, lines.waiting)


def accept_accounts(delivery: Delivery, staged: Staged) -> Accepted:
    """Accounts of known clients; an account stays with the client it was first loaded for."""
    hold_back(delivery, staged, "account_other_client", Fault("other_client", "client_no"))
    hold_present(delivery, staged, "account")
    lines = waiting(delivery, staged, 0, {"client_no": "account_waiting"})
    delivery.run("account_upsert")
    delivery.run("account_mark_first")
    delivery.run("account_first")
    return Accepted(staged.left - lines.waiting_count, lines.waiting)


def accept_products(delivery: Delivery, staged: Staged) -> Accepted:
    """Products have no parents."""
    hold_present(delivery, staged, "product")
    delivery.run("product_mark")
    delivery.run("product_upsert")
    delivery.run("product_record_upsert")
    return Accepted(staged.left)


ACCEPT: dict[FeedFile, Callable[[Delivery, Staged], Accepted]] = {
    columns.BRANCHES: accept_branches,
    columns.PRODUCTS: accept_products,
    columns.CLIENTS: accept_clients,
    columns.ACCOUNTS: accept_accounts,
}


def _settle_handed_over() -> None:
    """A row that repeats its former owner leaves a hand-over; one that tells another owner ends it."""
    if Handover.objects.exists():
        settle_owners([row["id"] for row in sql.rows(APP, "client_handed")])


def _anything_loaded_before(delivery: Delivery) -> bool:
    """Before the first package nothing was computed that could be stale."""
    loaded = [FeedPackage.State.LOADED, FeedPackage.State.REPLACED]
    return FeedPackage.objects.filter(state__in=loaded).exclude(pk=delivery.package_id).exists()
