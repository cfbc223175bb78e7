"""Event files taken in: a whole day at once (replacing an earlier version, F12), or single rows added."""

from collections.abc import Callable
from datetime import date

from core import sql
from trading.feed import columns, partitions
from trading.feed.columns import FeedFile
from trading.feed.delivery import APP, Accepted, Delivery, hold_present, waiting
from trading.feed.staging import Staged
from trading.models import StaleMark


def accept_balances(delivery: Delivery, staged: Staged) -> Accepted:
    """F1: the day's balances; their key is account and day, so no other package's rows are in their way."""
    partitions.ensure("trading_balance", [_month(delivery.feed_day)])
    loaded = _replace_snapshot(delivery, staged, "balance")
    return waiting(delivery, staged, loaded, {"account_no": "balance_waiting"})


def accept_holdings(delivery: Delivery, staged: Staged) -> Accepted:
    """F8: the day's complete snapshot."""
    partitions.ensure("trading_holding", [_month(delivery.feed_day)])
    loaded = _replace_snapshot(delivery, staged, "holding")
    statements = {"account_no": "holding_waiting_account", "product_code": "holding_waiting_product"}
    return waiting(delivery, staged, loaded, statements)


def accept_trades(delivery: Delivery, staged: Staged) -> Accepted:
    """F7, F11: trades by the Shanghai date of their time; of one key the earliest feed day's row counts."""
    partitions.ensure("trading_trade", [row["month"] for row in sql.rows(APP, "trade_months")])
    hold_present(delivery, staged, "trade")
    if delivery.replaces:
        delivery.run("trade_mark_changed")
        delivery.run("trade_key_delete")
        delivery.run("trade_delete")
    else:
        delivery.run("trade_mark")
    loaded = delivery.run("trade_insert")
    if delivery.run("trade_key_insert") < loaded:
        for statement in ("trade_yield_new", "trade_mark_old", "trade_yield_old", "trade_key_take"):
            delivery.run(statement)
    if delivery.replaces and delivery.run("trade_key_restore"):
        delivery.run("trade_mark_restored")
        delivery.run("trade_restore")
    return waiting(delivery, staged, loaded, {"account_no": "trade_waiting"})


def accept_cash_flows(delivery: Delivery, staged: Staged) -> Accepted:
    """F7, F11: flows by the Shanghai date of their time."""
    return _accept_stream(delivery, staged, "cashflow", "account_no")


def accept_incomes(delivery: Delivery, staged: Staged) -> Accepted:
    """F7, F11: incomes on the trade date."""
    return _accept_stream(delivery, staged, "income", "client_no")


def accept_custody(delivery: Delivery, staged: Staged) -> Accepted:
    """F7, F11: custody events on the trade date."""
    return _accept_stream(delivery, staged, "custody", "client_no")


ACCEPT: dict[FeedFile, Callable[[Delivery, Staged], Accepted]] = {
    columns.BALANCES: accept_balances,
    columns.HOLDINGS: accept_holdings,
    columns.TRADES: accept_trades,
    columns.CASH_FLOWS: accept_cash_flows,
    columns.INCOMES: accept_incomes,
    columns.CUSTODY: accept_custody,
}


def _replace_snapshot(delivery: Delivery, staged: Staged, name: str) -> int:
    hold_present(delivery, staged, name)
    if delivery.replaces or not delivery.is_whole:
        delivery.run(f"{name}_mark")
    if delivery.replaces:
        delivery.run(f"{name}_delete")
    return delivery.run(f"{name}_insert")


def _accept_stream(delivery: Delivery, staged: Staged, name: str, parent: str) -> Accepted:
    hold_present(delivery, staged, name)
    if delivery.replaces:
        delivery.run(f"{name}_mark_changed")
        delivery.run(f"{name}_delete")
    else:
        delivery.run(f"{name}_mark")
    loaded = delivery.run(f"{name}_insert")
    with sql.index_probes():
        recounted = sql.rows(APP, f"{name}_recount")
    for row in recounted:
        _mark_recounted(delivery, row["client_id"], row["happened_on"], row["feed_day"])
    return waiting(delivery, staged, loaded, {parent: f"{name}_waiting"})


def _mark_recounted(delivery: Delivery, client_id: int, happened_on: date, feed_day: date) -> None:
    """A row of another feed day counts again, or no longer (F11); the staged ones have their marks."""
    if feed_day != delivery.feed_day:
        StaleMark.objects.create(
            client_id=client_id, month=_month(happened_on), told_on=max(feed_day, delivery.known_by)
        )


def _month(day: date) -> date:
    return day.replace(day=1)
