"""What a client holds: the newest balances of its accounts and the newest snapshot of holdings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from clients.models import Client
from trading.models import Balance, FeedPackage, Holding, Product

ZERO = Decimal(0)


@dataclass(frozen=True)
class Position:
    """A holding over all accounts, in CNY; share: of all assets, None where those are not positive."""

    code: str
    name: str
    group: str
    quantity: Decimal | None
    value: Decimal | None
    share: Decimal | None


@dataclass(frozen=True)
class Positions:
    """balances_on and held_on: the days that balances and holdings stand on; None where there are none."""

    balances_on: date | None = None
    held_on: date | None = None
    balances: Sequence[Balance] = ()
    holdings: Sequence[Position] = ()
    cash: Decimal = ZERO
    securities: Decimal = ZERO
    products: Decimal = ZERO
    debit: Decimal = ZERO
    by_family: dict[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return self.cash + self.securities + self.products - self.debit


def positions_of(client: Client) -> Positions:
    """Balances of the client's newest day, and holdings of the newest day with a complete snapshot (F8)."""
    ids = client.record_ids
    day = Balance.objects.filter(client_id__in=ids).aggregate(day=Max("day"))["day"]
    if day is None:
        return Positions()
    rows = Balance.objects.filter(client_id__in=ids, day=day).select_related("account")
    balances = sorted(rows, key=lambda row: row.account.account_no)
    sums = {
        name: sum((getattr(row, column) for row in balances), ZERO)
        for name, column in (
            ("cash", "cash"),
            ("securities", "market_value"),
            ("products", "product_value"),
            ("debit", "margin_debit"),
        )
    }
    total = sums["cash"] + sums["securities"] + sums["products"] - sums["debit"]
    held_on, holdings = _holdings(ids, total)
    families: dict[str, Decimal] = {}
    for one in holdings:
        families[one.group] = families.get(one.group, ZERO) + (one.value or ZERO)
    return Positions(day, held_on, balances, holdings, by_family=families, **sums)


def _holdings(ids: Sequence[int], total: Decimal) -> tuple[date | None, list[Position]]:
    day = snapshot_day()
    if day is None:
        return None, []
    rows = Holding.objects.filter(client_id__in=ids, day=day).select_related("product")
    held: dict[tuple[str, str, int | None], list[Holding]] = {}
    for row in rows:
        held.setdefault((row.market, row.security_code, row.product_id), []).append(row)
    found = [_position(same, total) for same in held.values()]
    return day, sorted(found, key=lambda one: (-(one.value or ZERO), one.code))


def snapshot_day() -> date | None:
    """The newest loaded trade date whose package has a holdings file."""
    packages = FeedPackage.objects.filter(state=FeedPackage.State.LOADED, files__has_key="holdings.csv")
    return packages.order_by("-trade_date").values_list("trade_date", flat=True).first()


def _position(rows: Sequence[Holding], total: Decimal) -> Position:
    """One security or product in one or several accounts."""
    product = rows[0].product if rows[0].product_id else None
    value = _sum([row.market_value for row in rows])
    return Position(
        code=product.code if product else rows[0].security_code,
        name=product.name if product else "",
        group=_group(product, rows[0].market),
        quantity=_sum([row.quantity for row in rows]),
        value=value,
        share=value / total if value is not None and total > 0 else None,
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """Without the missing ones; None where all are missing."""
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None


def _group(product: Product | None, market: str) -> str:
    """The product's family, or the market a security is listed on."""
    if product is not None:
        return str(product.get_family_display() or _("Other product"))
    return _("Securities, %(market)s") % {"market": market}
