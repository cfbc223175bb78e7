"""What people keep of demo clients: consents, contact points, people around them, risk warnings given.

For the first clients of the firm only, so that it takes a second; the same clients and seed give the same.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model

from clients import identifiers
from clients.actions.contacts import index
from clients.models import Client, Consent, ContactPoint, Relation, RiskWarning
from clients.suitability import CLIENT_LEVELS, LOWEST, PRODUCT_LEVELS
from core import audit, crypto
from crm.demo.names import GIVEN_FEMALE, GIVEN_MALE, SURNAMES
from crm.demo_loading.asked import ACTOR
from trading.models import Product

CLIENTS = 400
SHANGHAI = ZoneInfo("Asia/Shanghai")
Kind = Relation.Kind
Rows = list[Consent | ContactPoint | Relation | RiskWarning]


@transaction.atomic
def make_around(seed: int, until: date) -> int:
    """How many rows were made; none when that was done before."""
    if Consent.objects.filter(recorded_by=ACTOR.actor_name).exists():
        return 0
    clients = list(Client.objects.filter(status=Client.Status.NORMAL).order_by("client_no")[:CLIENTS])
    maker = _Maker(Random(f"around:{seed}"), until, list(Product.objects.order_by("code")))
    rows: Rows = [row for place, client in enumerate(clients) for row in maker.rows(clients, place, client)]
    models: tuple[type[Model], ...] = (Consent, ContactPoint, Relation, RiskWarning)
    for model in models:
        model._default_manager.bulk_create([row for row in rows if type(row) is model], batch_size=1000)
    audit.record(actor=ACTOR, deed="demo.kept_by_hand", subject_type="clients", subject_id=len(clients))
    return len(rows)


class _Maker:
    def __init__(self, random: Random, until: date, products: list[Product]) -> None:
        self.random, self.until, self.products = random, until, products

    def rows(self, clients: list[Client], place: int, client: Client) -> Rows:
        """Everything of one client; relations lead to clients before it in the list."""
        rows: Rows = [*self._consents(client), *self._points(client), *self._warnings(client)]
        if client.kind == Client.Kind.INDIVIDUAL:
            return rows + list(self._family(clients[:place], client))
        return rows + list(self._company(clients[:place], client))

    def _consents(self, client: Client) -> Iterator[Consent]:
        for purpose in ("marketing", "research", "survey"):
            for channel in Consent.Channel.values:
                if self.random.random() < 0.25:
                    yield Consent(
                        client=client, channel=channel, purpose=purpose, source="written",
                        state="given" if self.random.random() < 0.8 else "withdrawn",
                        recorded_by=ACTOR.actor_name, evidence=f"SQ-{self.random.randrange(10**6):06d}",
                    )  # fmt: skip

    def _points(self, client: Client) -> Iterator[ContactPoint]:
        if self.random.random() < 0.4:
            yield self._point(client, "mobile", "家人手机", f"139{self.random.randrange(10**8):08d}")
        if self.random.random() < 0.2:
            yield self._point(client, "phone", "办公室", f"021-{self.random.randrange(10**8):08d}")

    def _point(self, client: Client, kind: str, label: str, value: str) -> ContactPoint:
        point = ContactPoint(client=client, kind=kind, label=label, added_by=ACTOR.actor_name)
        point.value = crypto.seal(value, point.context) or b""
        index(point, value)
        return point

    def _warnings(self, client: Client) -> Iterator[RiskWarning]:
        level = CLIENT_LEVELS.get(client.risk_level, 9)
        above = [one for one in self.products if PRODUCT_LEVELS.get(one.risk_level, 0) > level]
        if not above or client.risk_level == LOWEST or self.random.random() > 0.1:
            return
        product = self.random.choice(above)
        day = self.until - timedelta(days=self.random.randrange(1, 200))
        yield RiskWarning(
            client=client, product_code=product.code, product_name=product.name, manner="video",
            product_level=product.risk_level, client_level=client.risk_level, recorded_by=ACTOR.actor_name,
            warned_at=datetime.combine(day, time(10, 30), SHANGHAI), evidence=f"SL-{product.code}",
        )  # fmt: skip

    def _family(self, before: list[Client], client: Client) -> Iterator[Relation]:
        if before and self.random.random() < 0.3:
            yield self._relation(client, Kind.SPOUSE, other=before[-1])
        elif self.random.random() < 0.2:
            yield self._stranger(client, Kind.PARENT)
        if before and self.random.random() < 0.25:
            near = [one for one in before[-40:] if one.branch_id == client.branch_id] or before[-1:]
            yield self._relation(client, Kind.REFERRED_BY, other=near[0])

    def _company(self, before: list[Client], client: Client) -> Iterator[Relation]:
        yield self._stranger(client, Kind.LEGAL_REPRESENTATIVE)
        if client.kind == Client.Kind.INSTITUTION:
            share = Decimal(self.random.randrange(25, 75))
            yield self._stranger(client, Kind.BENEFICIAL_OWNER, share=share)
            if people := [one for one in before[-20:] if one.kind == Client.Kind.INDIVIDUAL]:
                rest = Decimal(100) - share
                yield self._relation(client, Kind.BENEFICIAL_OWNER, other=people[-1], share=rest)
                yield self._relation(client, Kind.AUTHORISED_AGENT, other=people[0])

    def _stranger(self, client: Client, kind: str, share: Decimal | None = None) -> Relation:
        given = self.random.choice(GIVEN_MALE + GIVEN_FEMALE)
        relation = self._relation(
            client, kind, other_name=f"{self.random.choice(SURNAMES)}{given}", share=share
        )
        mobile = identifiers.normal_mobile(f"137{self.random.randrange(10**8):08d}")
        relation.other_mobile = crypto.seal(mobile, relation.context)
        return relation

    def _relation(
        self,
        client: Client,
        kind: str,
        other: Client | None = None,
        other_name: str = "",
        share: Decimal | None = None,
    ) -> Relation:
        since = self.until - timedelta(days=self.random.randrange(30, 3000))
        return Relation(
            client=client, kind=kind, other=other, other_name=other_name, share=share, from_date=since,
            added_by=ACTOR.actor_name,
        )  # fmt: skip
