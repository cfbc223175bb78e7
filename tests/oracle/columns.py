"""The tables of a feed package: columns, what may stand in them and what each row hangs on (F16-F20)."""

from __future__ import annotations

from dataclasses import dataclass

MARKETS = ("SH", "SZ", "BJ", "HK", "OTC")


@dataclass(frozen=True)
class Column:
    """One column: kind is text, date, time or number; parent names the table whose key it must be."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    signed: bool = False
    future: bool = False
    parent: str = ""


@dataclass(frozen=True)
class Table:
    """One file: its key columns, its columns, and whether it says what is (master) or what happened."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    master: bool = False

    @property
    def file(self) -> str:
        """Name of the file inside a package."""
        return f"{self.name}.csv"


def text(name: str, *, required: bool = False, parent: str = "") -> Column:
    """A column of free text."""
    return Column(name, required=required, parent=parent)


def choice(name: str, *choices: str, required: bool = True) -> Column:
    """A column that takes one of a few words."""
    return Column(name, required=required, choices=choices)


def day(name: str, *, required: bool = False, future: bool = False) -> Column:
    """A column of ISO dates; `future` allows dates after the trade date (F17)."""
    return Column(name, "date", required=required, future=future)


def number(name: str, *, required: bool = True, signed: bool = False) -> Column:
    """A decimal column with up to four places; negative values only where `signed` (F18)."""
    return Column(name, "number", required=required, signed=signed)


BRANCHES = Table(
    "branches",
    ("code",),
    (
        text("code", required=True),
        text("name", required=True),
        text("parent_code", parent="branches"),
        choice("kind", "hq", "region", "branch"),
        day("opened_on", required=True),
        day("closed_on"),
        text("successor_code", parent="branches"),
    ),
    master=True,
)

CLIENTS = Table(
    "clients",
    ("client_no",),
    (
        text("client_no", required=True),
        choice("kind", "individual", "institution", "product"),
        text("name", required=True),
        choice("id_type", "resident_id", "uscc", "passport", "hk_macao", "taiwan", "other"),
        text("id_number", required=True),
        day("id_expires_on", future=True),
        day("birth_date"),
        choice("sex", "M", "F", required=False),
        text("mobile"),
        text("email"),
        text("address"),
        text("branch_code", required=True, parent="branches"),
        text("manager_no"),
        choice("status", "normal", "frozen", "loss_reported", "dormant", "closed", "deceased"),
        day("opened_on", required=True),
        day("closed_on"),
        day("callback_passed_on"),
        choice("risk_level", "C1_lowest", "C1", "C2", "C3", "C4", "C5", required=False),
        day("risk_assessed_on"),
        choice(
            "investor_class", "ordinary", "professional_a", "professional_b", "professional_c", required=False
        ),
    ),
    master=True,
)

ACCOUNTS = Table(
    "accounts",
    ("account_no",),
    (
        text("account_no", required=True),
        text("client_no", required=True, parent="clients"),
        choice("system", "cash", "margin", "options"),
        choice("currency", "CNY", "HKD", "USD"),
        choice("status", "normal", "frozen", "closed"),
        day("opened_on", required=True),
        day("closed_on"),
    ),
    master=True,
)

PRODUCTS = Table(
    "products",
    ("product_code",),
    (
        text("product_code", required=True),
        text("name"),
        choice(
            "family",
            "equity_fund",
            "bond_fund",
            "money_fund",
            "private_fund",
            "structured_note",
            "asset_management",
            "advisory",
            required=False,
        ),
        choice("risk_level", "R1", "R2", "R3", "R4", "R5", required=False),
    ),
    master=True,
)

BALANCES = Table(
    "balances",
    ("account_no",),
    (
        text("account_no", required=True, parent="accounts"),
        number("cash", signed=True),
        number("market_value", signed=True),
        number("product_value", signed=True),
        number("margin_debit"),
    ),
)

HOLDINGS = Table(
    "holdings",
    ("account_no", "market", "security_code"),
    (
        text("account_no", required=True, parent="accounts"),
        choice("market", *MARKETS),
        text("security_code", required=True),
        number("quantity", required=False),
        number("market_value", required=False, signed=True),
        text("product_code", parent="products"),
    ),
)

TRADES = Table(
    "trades",
    ("trade_no",),
    (
        text("trade_no", required=True),
        text("account_no", required=True, parent="accounts"),
        Column("traded_at", "time", required=True),
        choice("market", *MARKETS, required=False),
        text("security_code"),
        choice("side", "buy", "sell"),
        number("quantity"),
        number("price"),
        number("amount"),
        number("gross_commission"),
        number("handling_fee"),
        number("csrc_fee"),
        number("transfer_fee"),
        number("stamp_duty"),
    ),
)

CASH_FLOWS = Table(
    "cash_flows",
    ("flow_no",),
    (
        text("flow_no", required=True),
        text("account_no", required=True, parent="accounts"),
        Column("occurred_at", "time", required=True),
        choice("direction", "in", "out"),
        number("amount"),
    ),
)

INCOMES = Table(
    "incomes",
    ("income_no",),
    (
        text("income_no", required=True),
        text("client_no", required=True, parent="clients"),
        choice(
            "kind", "margin_interest", "cash_spread", "product_fee", "trailing_fee", "advisory_fee", "other"
        ),
        number("amount", signed=True),
    ),
)

CUSTODY = Table(
    "custody",
    ("event_no",),
    (
        text("event_no", required=True),
        text("client_no", required=True, parent="clients"),
        choice("kind", "designation_withdrawn", "custody_out"),
        number("value"),
        number("residual_assets"),
    ),
)

MASTERS = (BRANCHES, PRODUCTS, CLIENTS, ACCOUNTS)
EVENTS = (BALANCES, HOLDINGS, TRADES, CASH_FLOWS, INCOMES, CUSTODY)
TABLES = {table.name: table for table in MASTERS + EVENTS}
