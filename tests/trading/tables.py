"""Whole tables of clients, units and trading: looked at, and emptied."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

# when it happened, and what is sealed anew each time
PASSING = {"id", "received_at", "finished_at", "created_at", "updated_at", "digest"}
# by column: the table whose ids it holds, and what its rows are called in their stead
NAMED = {
    "client_id": ("clients.Client", "client_no"),
    "account_id": ("clients.Account", "account_no"),
    "product_id": ("trading.Product", "code"),
    "package_id": ("trading.FeedPackage", "trade_date"),
    **dict.fromkeys(("branch_id", "unit_id", "parent_id", "successor_id"), ("staff.Unit", "code")),
}
SEALED = {"id_number", "mobile", "email", "address", "raw", "corrected"}


def table_names() -> list[str]:
    return [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("trading_", "clients_", "staff_unit"))
        and name not in ("trading_tradingday", "trading_businesssession")
    ]


def forget_everything() -> None:
    """Empties the tables, and lets the numbers of their rows begin anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(table_names())} RESTART IDENTITY CASCADE")


def all_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model's table but for what differs from load to load, with keys in place of ids."""
    tables = set(table_names())
    names = {column: _names(*where) for column, where in NAMED.items()}
    return {
        model._meta.db_table: _rows(model, names)
        for model in apps.get_models()
        if model._meta.db_table in tables
    }


def _names(label: str, key: str) -> dict[int, Any]:
    return dict(apps.get_model(label)._default_manager.values_list("pk", key))


def _rows(model: Any, names: dict[str, dict[int, Any]]) -> list[dict[str, Any]]:
    fields = [field.attname for field in model._meta.concrete_fields]
    read = [name for name in fields if name not in PASSING | SEALED]
    rows = [
        {name: names[name].get(value) if name in names else value for name, value in row.items()}
        for row in model._default_manager.values(*read)
    ]
    return sorted(rows, key=str)
