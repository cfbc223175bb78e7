"""Tables of the feeds: packages and quarantine, events, reference data, and the facts made of them."""

from trading.models.events import Balance, CashFlow, CustodyEvent, Holding, Income, Trade, TradeKey
from trading.models.facts import MONEY, ClientMonth, DirtyClient, RecordSpan, StaleMark, UnitSpan
from trading.models.packages import FeedPackage, QuarantinedRow
from trading.models.reference import (
    BusinessSession,
    CalendarOverride,
    Product,
    ProductRecord,
    TradingDay,
)

__all__ = [
    "MONEY",
    "Balance",
    "BusinessSession",
    "CalendarOverride",
    "CashFlow",
    "ClientMonth",
    "CustodyEvent",
    "DirtyClient",
    "FeedPackage",
    "Holding",
    "Income",
    "Product",
    "ProductRecord",
    "QuarantinedRow",
    "RecordSpan",
    "StaleMark",
    "Trade",
    "TradeKey",
    "TradingDay",
    "UnitSpan",
]
