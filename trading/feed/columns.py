"""The files of a package: their columns, what may stand in them, and what each row hangs on (F16-F20)."""

from dataclasses import dataclass

from clients.models import Client
from trading.models import Product

MOST_DIGITS = 13  # before the point: sums over months and accounts stay inside numeric(20,4)
NUMBER = rf"[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,4}})?"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)
# Shanghai's own time, with the day as a group
QUICK_MOMENT = (
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\+08:00)?"
)


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, code, choice, date, moment or number; `parent` is the table its value must
    name.

    `signed` allows negative numbers, `future` dates after the trade date, `personal` is sealed at rest.
    """

    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    length: int = 200
    signed: bool = False
    future: bool = False
    personal: bool = False
    parent: str = ""

    @property
    def pattern(self) -> str:
        """A regular expression for well-formed values; a date that is none is found later."""
        some = {
            "choice": "|".join(self.choices),
            "number": f"-?{NUMBER}" if self.signed else NUMBER,
            "date": DATE,
            "moment": MOMENT,
            "code": rf"[^\x00-\x1f\x7f]{{1,{self.length}}}",
        }.get(self.kind, rf"[^\x00\x1f]{{1,{self.length}}}")
        return f"(?:{some})" if self.required else f"(?:{some})?"


@dataclass(frozen=True)
class FeedFile:
    """One file of a package; `stage` is the unlogged table it is copied into, `key` its key columns.

    `name` is what it is called as CSV, and everywhere here also when it was delivered as Parquet.
    """

    name: str
    stage: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_master: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def personal(self) -> frozenset[str]:
        """Columns that nobody may read without a reason."""
        return frozenset(column.name for column in self.columns if column.personal)


def _code(name: str, *, length: int = 30, required: bool = True, parent: str = "") -> Column:
    return Column(name, "code", length=length, required=required, parent=parent)


def _text(name: str, *, length: int = 200, required: bool = False, personal: bool = False) -> Column:
    return Column(name, "text", length=length, required=required, personal=personal)


def _choice(name: str, *choices: str, required: bool = True) -> Column:
    return Column(name, "choice", choices=choices, required=required)


def _date(name: str, *, required: bool = False, future: bool = False) -> Column:
    return Column(name, "date", required=required, future=future)


def _number(name: str, *, required: bool = True, signed: bool = False) -> Column:
    return Column(name, "number", required=required, signed=signed)


TOLD_STATUSES = tuple(status for status in Client.Status.values if status != Client.Status.PROSPECT)
MARKETS = ("SH", "SZ", "BJ", "HK", "OTC")

BRANCHES = FeedFile(
    "branches.csv",
    "trading_stage_branch",
    ("code",),
    (
        _code("code", length=20),
        _text("name", length=100, required=True),
        _code("parent_code", length=20, required=False, parent="branch"),
        _choice("kind", "hq", "region", "branch"),
        _date("opened_on", required=True),
        _date("closed_on"),
        _code("successor_code", length=20, required=False, parent="branch"),
    ),
    is_master=True,
)
CLIENTS = FeedFile(
    "clients.csv",
    "trading_stage_client",
    ("client_no",),
    (
        _code("client_no"),
        _choice("kind", *Client.Kind.values),
        _text("name", required=True),
        _choice("id_type", *Client.IdType.values),
        _text("id_number", length=60, required=True, personal=True),
        _date("id_expires_on", future=True),
        _date("birth_date"),
        _choice("sex", "M", "F", required=False),
        _text("mobile", length=60, personal=True),
        _text("email", personal=True),
        _text("address", length=400, personal=True),
        _code("branch_code", length=20, parent="branch"),
        _code("manager_no", length=20, required=False),
        _choice("status", *TOLD_STATUSES),
        _date("opened_on", required=True),
        _date("closed_on"),
        _date("callback_passed_on"),
        _choice("risk_level", "C1_lowest", "C1", "C2", "C3", "C4", "C5", required=False),
        _date("risk_assessed_on"),
        _choice(
            "investor_class", "ordinary", "professional_a", "professional_b", "professional_c", required=False
        ),
    ),
    is_master=True,
)
ACCOUNTS = FeedFile(
    "accounts.csv",
    "trading_stage_account",
    ("account_no",),
    (
        _code("account_no"),
        _code("client_no", parent="client"),
        _choice("system", "cash", "margin", "options"),
        _choice("currency", "CNY", "HKD", "USD"),
        _choice("status", "normal", "frozen", "closed"),
        _date("opened_on", required=True),
        _date("closed_on"),
    ),
    is_master=True,
)
PRODUCTS = FeedFile(
    "products.csv",
    "trading_stage_product",
    ("product_code",),
    (
        _code("product_code"),
        _text("name"),
        _choice("family", *Product.Family.values, required=False),
        _choice("risk_level", "R1", "R2", "R3", "R4", "R5", required=False),
    ),
    is_master=True,
)
BALANCES = FeedFile(
    "balances.csv",
    "trading_stage_balance",
    ("account_no",),
    (
        _code("account_no", parent="account"),
        _number("cash", signed=True),
        _number("market_value", signed=True),
        _number("product_value", signed=True),
        _number("margin_debit"),
    ),
)
HOLDINGS = FeedFile(
    "holdings.csv",
    "trading_stage_holding",
    ("account_no", "market", "security_code"),
    (
        _code("account_no", parent="account"),
        _choice("market", *MARKETS),
        _code("security_code"),
        _number("quantity", required=False),
        _number("market_value", required=False, signed=True),
        _code("product_code", required=False, parent="product"),
    ),
)
TRADES = FeedFile(
    "trades.csv",
    "trading_stage_trade",
    ("trade_no",),
    (
        _code("trade_no", length=40),
        _code("account_no", parent="account"),
        Column("traded_at", "moment"),
        _choice("market", *MARKETS, required=False),
        _code("security_code", required=False),
        _choice("side", "buy", "sell"),
        _number("quantity"),
        _number("price"),
        _number("amount"),
        _number("gross_commission"),
        _number("handling_fee"),
        _number("csrc_fee"),
        _number("transfer_fee"),
        _number("stamp_duty"),
    ),
)
CASH_FLOWS = FeedFile(
    "cash_flows.csv",
    "trading_stage_cashflow",
    ("flow_no",),
    (
        _code("flow_no", length=40),
        _code("account_no", parent="account"),
        Column("occurred_at", "moment"),
        _choice("direction", "in", "out"),
        _number("amount"),
    ),
)
INCOMES = FeedFile(
    "incomes.csv",
    "trading_stage_income",
    ("income_no",),
    (
        _code("income_no", length=40),
        _code("client_no", parent="client"),
        _choice(
            "kind", "margin_interest", "cash_spread", "product_fee", "trailing_fee", "advisory_fee", "other"
        ),
        _number("amount", signed=True),
    ),
)
CUSTODY = FeedFile(
    "custody.csv",
    "trading_stage_custody",
    ("event_no",),
    (
        _code("event_no", length=40),
        _code("client_no", parent="client"),
        _choice("kind", "designation_withdrawn", "custody_out"),
        _number("value"),
        _number("residual_assets"),
    ),
)

# in the order in which they are accepted: parents before those that name them
FILES = {
    file.name: file
    for file in (
        BRANCHES,
        PRODUCTS,
        CLIENTS,
        ACCOUNTS,
        BALANCES,
        HOLDINGS,
        TRADES,
        CASH_FLOWS,
        INCOMES,
        CUSTODY,
    )
}
PARQUET = {name: name.removesuffix(".csv") + ".parquet" for name in FILES}  # the other form of each file
EVENT_FILES = tuple(name for name, file in FILES.items() if not file.is_master)
