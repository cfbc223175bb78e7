"""Whether a product suits a client: the client's assessment against the product as it is now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from clients.models import Client
from clients.queries.suitability import assessment_of
from clients.suitability import Initiator, Verdict, judge
from trading.models import Product

FOUND = 8


@dataclass(frozen=True)
class Fit:
    """The verdict on one product, on a day."""

    product: Product
    initiated_by: Initiator
    verdict: Verdict


def fit(client: Client, product: Product, initiated_by: Initiator, today: date) -> Fit:
    verdict = judge(assessment_of(client), product.risk_level, initiated_by, today)
    return Fit(product, initiated_by, verdict)


def product_named(code: str) -> Product | None:
    return Product.objects.filter(code=code.strip().upper()).first()


def products_like(typed: str) -> list[Product]:
    """The first products whose code begins with, or name contains, what was typed; none for nothing."""
    text = typed.strip()
    if not text:
        return []
    wanted: Any = Q(code__istartswith=text) | Q(name__icontains=text)
    return list(Product.objects.filter(wanted).order_by("code")[:FOUND])
