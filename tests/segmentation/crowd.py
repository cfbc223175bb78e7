"""A crowd of clients with random facts for saved segments, and the slow answer to who meets a rule.

The answer knows nothing of the compiled query: it reads each client's facts into plain Python and asks them.
"""

import calendar
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from clients.models import Account, Client, ClientStanding, ClientTag, Tag
from interactions.models import Category, Interaction, ServiceMonth
from segmentation.models import ClientScore, LifecycleEvent, ScoreClose
from segmentation.rules import Condition, Group
from segmentation.rules.tree import ALL, ANY
from staff.models import Unit
from tests.segmentation.test_complaints_counted import complain
from trading.feed import partitions
from trading.models import ClientMonth, FeedPackage, Holding, Product

TODAY = date(2026, 10, 31)
TIERS = ("V1", "V2", "V3", "V4", "V5", "NEW", "")
LEVELS = ("C1", "C2", "C3", "C4", "C5", "")
TAGS = ("vip", "course", "margin")
FAMILIES = ("bond_fund", "money_fund")
SIZE = 40
ENDS = (30, 31)


@dataclass
class Facts:
    """What is known of one client; months by their first day: sums of the months' rows."""

    client: Client
    values: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, set[str]] = field(default_factory=dict)
    events: dict[str, list[date]] = field(default_factory=dict)
    months: dict[date, dict[str, Decimal]] = field(default_factory=dict)


def make_crowd(units: dict[str, Unit], seed: int = 3, size: int = SIZE) -> list[Facts]:
    """Clients in three branches; everything about them may be missing."""
    chance = random.Random(seed)
    holdings = _products()
    return [_one(chance, units, number, holdings) for number in range(size)]


def _some(chance: random.Random, make: Callable[[], Any]) -> Any:
    return make() if chance.random() < 0.8 else None


def _day(chance: random.Random) -> date:
    return TODAY - timedelta(days=chance.choice((0, 1, 29, 30, 31, 89, 90, 91, 200, 365, 366, 700, -1, -20)))


def _money(chance: random.Random) -> Decimal:
    return Decimal(chance.choice((-500, 0, 1, 999, 1000, 1001, 50_000)))


def _one(chance: random.Random, units: dict[str, Unit], number: int, products: list[Product]) -> Facts:
    branch = units[chance.choice(("1001", "1002", "1005"))]
    record: dict[str, Any] = {
        "branch": branch, "manager_no": chance.choice(("", "M1", "M2")),
        "kind": chance.choice(Client.Kind.values), "status": chance.choice(("normal", "frozen", "dormant")),
        "opened_on": _day(chance) - timedelta(days=40),
        "birth_date": _some(chance, lambda: date(chance.choice((1950, 1986, 2006)), 10, chance.choice(ENDS))),
        "sex": chance.choice(("", "F", "M")), "risk_level": chance.choice(LEVELS),
        "risk_assessed_on": _some(chance, lambda: _day(chance)),
        "investor_class": chance.choice(("", "ordinary", "professional_a")),
        "id_expires_on": _some(chance, lambda: _day(chance)),
        "declared_outside_assets": _some(chance, lambda: _money(chance)),
    }  # fmt: skip
    client = Client.objects.create(
        client_no=f"S{number:04}", name=f"S{number}", id_type="other", told_on=date(2020, 1, 1), **record
    )
    facts = Facts(client)
    facts.values = {**record, "branch": branch.code, "region": branch.parent and branch.parent.code}
    facts.values["outside_assets"] = record["declared_outside_assets"]
    facts.sets = {"flags": set(), "tags": set(), "families": set()}
    if chance.random() < 0.8:
        _score(chance, facts)
    _beside(chance, facts, products)
    _months(chance, facts)
    return facts


def _score(chance: random.Random, facts: Facts) -> None:
    client = facts.client
    stands: dict[str, Any] = {
        "tier": chance.choice(TIERS), "tier_since": _some(chance, lambda: _day(chance)),
        "score": _some(chance, lambda: Decimal(chance.choice(("29.99", "30.00", "70.00", "85.50")))),
        "matrix": chance.choice(("core", "grow", "")), "stage": chance.choice(("first", "repeat", "client")),
        "flags": chance.choice(([], ["at_risk"], ["at_risk", "dormant_asset"])),
        "last_trade_on": _some(chance, lambda: _day(chance)),
    }  # fmt: skip
    scored: dict[str, Any] = {
        "provisional": chance.random() < 0.5,
        "current": _some(chance, lambda: chance.choice((10.0, 60.0, 60.5))),
        "contribution_12m": _some(chance, lambda: _money(chance)),
        "net_inflow_ratio": _some(chance, lambda: Decimal(chance.choice(("-0.5", "0.1", "0.25")))),
        "recency_days": _some(chance, lambda: chance.choice((0, 3, 4, 90))),
        "assets_end": _some(chance, lambda: _money(chance)),
    }  # fmt: skip
    place = {"branch": client.branch, "manager_no": client.manager_no, "as_of": TODAY}
    ClientStanding.objects.create(client=client, held=True, **place, **stands)
    row = {**place, "kind": client.kind, **stands, **scored}
    ClientScore.objects.create(client=client, **row)
    ScoreClose.objects.create(client=client, **row)
    ScoreClose.objects.create(client=client, **(row | {"as_of": date(2026, 9, 30), "score": 1, "tier": "V1"}))
    facts.values |= {**stands, **scored}
    facts.sets["flags"] = set(stands["flags"])


def _beside(chance: random.Random, facts: Facts, products: list[Product]) -> None:
    client = facts.client
    for name in TAGS:
        if chance.random() < 0.4:
            tag, _new = Tag.objects.get_or_create(name=name)
            ClientTag.objects.create(client=client, tag=tag, given_by="x", given_at=datetime.now(UTC))
            facts.sets["tags"].add(name)
    contacts = [_day(chance) for _ in range(chance.choice((0, 1, 2)))]
    for day in contacts:
        _contact(client, day, "normal")
    _contact(client, TODAY, "secret")  # of which only few may know
    complaints = [_day(chance) for _ in range(chance.choice((0, 0, 1)))]
    for day in complaints:
        complain(client, day)
    lives = {name: _some(chance, lambda: _day(chance)) for name in ("EFFECTIVE", "LOST")}
    for name, day in lives.items():
        if day is not None:
            LifecycleEvent.objects.create(
                client=client, on_date=day, event=name, month=day.replace(day=1), branch=client.branch
            )
    facts.events = {
        "contact": contacts, "complaint": complaints, "was_reactivated": [],
        "became_effective": [lives["EFFECTIVE"]] if lives["EFFECTIVE"] else [],
        "was_lost": [lives["LOST"]] if lives["LOST"] else [],
    }  # fmt: skip
    account = Account.objects.create(
        account_no=f"A{client.client_no}", client=client, system="cash", currency="CNY", status="normal",
        opened_on=client.opened_on or TODAY, told_on=TODAY,
    )  # fmt: skip
    for product in products:
        if chance.random() < 0.4:
            quantity = chance.choice((0, 10))
            Holding.objects.create(
                client=client, day=TODAY, account=account, market="OTC", security_code=product.code,
                quantity=quantity, product=product,
            )  # fmt: skip
            facts.sets["families"] |= {product.family} if quantity else set()


def _contact(client: Client, day: date, confidentiality: str) -> None:
    Interaction.objects.create(
        client=client, channel="phone", direction="out", category=Category.objects.first(),
        started_at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC), started_on=day, summary="x",
        recorded_by="x", confidentiality=confidentiality,
    )  # fmt: skip


def _products() -> list[Product]:
    partitions.ensure("trading_holding", [TODAY.replace(day=1)])
    FeedPackage.objects.create(
        name="x", trade_date=TODAY, version=1, state="loaded", files={"holdings.csv": {}}, sent_by="x"
    )
    return [
        Product.objects.create(code=f"P{family}", family=family, told_on=TODAY, risk_level="R1")
        for family in FAMILIES
    ]


def _months(chance: random.Random, facts: Facts) -> None:
    for back in range(8):
        month = _months_before(TODAY.replace(day=1), back)
        if chance.random() < 0.5:
            continue
        told = {name: abs(_money(chance)) for name in ("turnover", "inflow", "outflow", "net_commission")}
        days, assets, cost = chance.choice((0, 20)), abs(_money(chance)), Decimal(chance.choice((0, 10)))
        place = {"client": facts.client, "month": month, "branch": facts.client.branch}
        ClientMonth.objects.create(
            **place, days=30, trading_days=days, assets_sum=assets * days, trades=chance.choice((0, 3)),
            margin_interest=0, cash_spread=0, product_fee=0, other_income=0, **told,
        )  # fmt: skip
        ServiceMonth.objects.create(**place, cost=cost)
        row = ClientMonth.objects.get(client=facts.client, month=month)
        facts.months[month] = {
            **told, "contribution": told["net_commission"] - cost, "trades": Decimal(row.trades),
            "service_cost": cost, "assets_sum": assets * days, "trading_days": Decimal(days),
        }  # fmt: skip


def _months_before(day: date, count: int) -> date:
    """The same day, or the month's last, so many months earlier (later when negative)."""
    number = day.year * 12 + day.month - 1 - count
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def meets(facts: Facts, rule: Group) -> bool:
    """Whether the client meets the rule on TODAY."""
    held = [meets(facts, item) if isinstance(item, Group) else holds(facts, item) for item in rule.items]
    return all(held) if rule.join == ALL else any(held) if rule.join == ANY else not any(held)


def holds(facts: Facts, asked: Condition) -> bool:
    key, op, value = asked.field, asked.op, asked.value
    if key in facts.sets:
        having = facts.sets[key]
        return {
            "any": bool(having & set(value)),
            "every": having >= set(value),
            "without": not having & set(value),
        }[op]
    if key in facts.events:
        days = [day for day in facts.events[key] if day <= TODAY]
        if op in ("ever", "never"):
            return bool(days) is (op == "ever")
        inside = any(_is_in(day, asked) for day in days)
        return not inside if op == "not_in_last" else inside
    return _known(_value(facts, asked), asked)


def _value(facts: Facts, asked: Condition) -> Any:
    if asked.months is None:
        if asked.field == "age":
            return _age(facts.values["birth_date"])
        return facts.values.get(asked.field)
    first = _months_before(TODAY.replace(day=1), asked.months - 1)
    rows = [row for month, row in facts.months.items() if month >= first]
    if asked.field != "assets":
        return sum((row[asked.field] for row in rows), Decimal(0))
    days = sum(row["trading_days"] for row in rows)
    return sum(row["assets_sum"] for row in rows) / days if days else None


def _age(born: date | None) -> int | None:
    if born is None:
        return None
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def _known(found: Any, asked: Condition) -> bool:
    op, value = asked.op, asked.value
    unknown = found is None or found == ""
    if op in ("empty", "filled"):
        return unknown is (op == "empty")
    if op in ("in", "not_in"):
        return (found in value) is (op == "in")
    if op in ("yes", "no"):
        return found is (op == "yes")
    if op == "not_in_last":
        return unknown or not _is_in(found, asked)
    if unknown:
        return False
    if isinstance(found, date):
        return _is_in(found, asked)
    low, high = value if op == "between" else (value, value)
    return {
        "gte": found >= low, "gt": found > low, "lte": found <= high, "lt": found < high, "eq": found == low,
        "between": low <= found <= high,
    }[op]  # fmt: skip


def _is_in(day: date, asked: Condition) -> bool:
    """Day by day, as one would say it."""
    op, value = asked.op, asked.value
    if op in ("in_last", "not_in_last", "older", "in_next"):
        count = -value if op == "in_next" else value
        end = TODAY - timedelta(days=count) if asked.unit == "days" else _months_before(TODAY, count)
        if op == "in_next":
            return TODAY <= day <= end
        return day < end if op == "older" else end <= day <= TODAY
    if op in ("this", "last"):
        length = {"month": 1, "quarter": 3, "year": 12}[value]
        period = (day.year * 12 + day.month - 1) // length
        return period == (TODAY.year * 12 + TODAY.month - 1) // length - (op == "last")
    if op == "between":
        return bool(value[0] <= day <= value[1])
    return bool(day >= value if op == "since" else day <= value)
