"""Who of an audience is contacted, and why others are not, against the same rules in plain Python."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.actions.cases import open_case
from clients.actions.consents import record_consents, set_contact_stop
from clients.models import Client
from core import audit
from core.errors import Conflict
from interactions.models import Category, Interaction, Line
from outreach.actions import campaign_audience as audience
from outreach.actions import campaign_steps
from outreach.actions.exclusions import put_on
from outreach.models import Campaign
from outreach.moments import day_of
from outreach.queries.campaign_results import figures
from staff.models import Unit
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign, run_campaign
from trading.models import Product

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
LEVELS = {"C1_lowest": 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}
PRESSURE = 7
numbers = count(1)


@dataclass(frozen=True)
class Lot:
    """A client's circumstances; days: since somebody contacted it."""

    status: str
    excluded: bool
    listed: bool
    stopped: bool
    words: tuple[str, ...]
    mobile: bool
    email: bool
    level: str
    assessed_days_ago: int | None
    complaint: bool
    days: int | None

    def reason(self, channel: str, level: int) -> str:
        """The first that holds, as docs/campaigns.md tells them."""
        answers = [
            ("closed", self.status in ("closed", "deceased")),
            ("excluded", self.excluded),
            ("listed", self.listed),
            ("stopped", self.stopped),
            ("no_consent", self.words[-1:] != ("given",)),
            ("unreachable", not (self.mobile if channel == "phone" else self.email)),
            ("unsuitable", level > 0 and not self._suits(level)),
            ("complaint", self.complaint),
            ("pressure", self.days is not None and self.days < PRESSURE),
        ]
        return next((reason for reason, holds in answers if holds), "")

    def _suits(self, level: int) -> bool:
        valid = self.assessed_days_ago is not None and self.assessed_days_ago < 730
        return valid and LEVELS.get(self.level, 0) >= level


def mostly(usual: object, *others: object) -> st.SearchStrategy:
    """Three times in four the usual, so that the later reasons come up too."""
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), st.sampled_from(others))


lots = st.builds(
    Lot,
    status=mostly("normal", "frozen", "closed", "deceased"),
    excluded=mostly(False, True),
    listed=mostly(False, True),
    stopped=mostly(False, True),
    words=mostly(("given",), (), ("withdrawn",), ("withdrawn", "given"), ("given", "withdrawn")),
    mobile=mostly(True, False),
    email=mostly(True, False),
    level=mostly("C3", "C1_lowest", "C2", "C5", ""),
    assessed_days_ago=mostly(5, None, 700, 800),
    complaint=mostly(False, True),
    days=mostly(None, 0, 6, 7, 30),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lots, min_size=1, max_size=12), st.sampled_from(["phone", "email"]), st.sampled_from([0, 3]))
def test_each_is_left_out_once_by_the_first_reason(
    units: Units, cast: SimpleNamespace, told: list[Lot], channel: str, level: int
) -> None:
    clients = {_client(units, lot, channel): lot for lot in told}
    made = _campaign(units, list(clients), channel, level)
    if excluded := [client.client_no for client, lot in clients.items() if lot.excluded]:
        audience.exclude(actor=cast.team_lead_1001, campaign=made, client_nos=excluded)
    audience.sort_out(made)
    wanted = {client.pk: lot.reason(channel, level) for client, lot in clients.items()}
    assert dict(made.members.values_list("client", "reason")) == wanted
    assert set(made.members.filter(place="treated").values_list("client", flat=True)) == {
        client for client, reason in wanted.items() if not reason
    }
    counted = {line.key: line.count for line in figures(cast.team_lead_1001, made).left_out}
    assert counted == Counter(reason for reason in wanted.values() if reason)
    assert not figures(cast.agent_1002, made).left_out


def _campaign(units: Units, clients: list[Client], channel: str, level: int) -> Campaign:
    product = Product.objects.get_or_create(
        code="P3", defaults={"risk_level": "R3", "told_on": date(2026, 1, 5)}
    )
    line = Line.objects.get_or_create(
        code="post", defaults={"adapter": "email", "name": "x", "unit": units["HQ"]}
    )
    return make_campaign(
        units["1001"], [one.pk for one in clients], purpose="marketing", subject="x", pressure_days=PRESSURE,
        product=product[0] if level else None, line=line[0] if channel == "email" else None,
    )  # fmt: skip


def _client(units: Units, lot: Lot, channel: str) -> Client:
    today = day_of(timezone.now())
    assessed = None if lot.assessed_days_ago is None else today - timedelta(days=lot.assessed_days_ago)
    client = make_client(
        units["1001"], f"L{next(numbers):05}", status=lot.status, risk_level=lot.level,
        risk_assessed_on=assessed, closed_on=today if lot.status == "closed" else None,
    )  # fmt: skip
    gone = ({} if lot.mobile else {"mobile": None, "mobile_index": None, "mobile_tail_index": None}) | (
        {} if lot.email else {"email": None, "email_index": None}
    )
    if gone:
        Client.objects.filter(pk=client.pk).update(**gone)
    if lot.listed:
        put_on(actor=audit.SYSTEM, client_ids=[client.pk], reason="x", from_on=today, until=today)
    if lot.stopped:
        set_contact_stop(actor=audit.SYSTEM, client=client, stopped=True, reason="x")
    for word in lot.words:
        record_consents(
            actor=audit.SYSTEM, client=client, channels=[channel], purposes=["marketing"], state=word,
            source="counter",
        )  # fmt: skip
    if lot.complaint:
        open_case(
            actor=audit.SYSTEM, client=client, kind="complaint", subject="x", text="x", fields={"wants": "x"}
        )
    if lot.days is not None:
        _contact(client, today - timedelta(days=lot.days))
    return client


def _contact(client: Client, day: date) -> None:
    Interaction.objects.create(
        client=client, channel="phone", direction="out", category=Category.objects.get(code="enquiry"),
        started_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC), started_on=day, summary="x",
        recorded_by="test",
    )  # fmt: skip


def test_who_was_joined_into_another_record_speaks_through_it(units: Units) -> None:
    kept, joined = (make_client(units["1001"], number) for number in ("K1", "K2"))
    set_contact_stop(actor=audit.SYSTEM, client=joined, stopped=True, reason="x")
    Client.objects.filter(pk=joined.pk).update(merged_into=kept)
    made = make_campaign(units["1001"], [kept.pk, joined.pk])
    audience.sort_out(made)
    assert dict(made.members.values_list("client", "reason")) == {kept.pk: "stopped", joined.pk: "closed"}


def test_who_is_not_in_the_audience_cannot_be_taken_out(units: Units, cast: SimpleNamespace) -> None:
    made = make_campaign(units["1001"], [make_client(units["1001"], "K1").pk])
    with pytest.raises(ValidationError, match="K9"):
        audience.exclude(actor=cast.team_lead_1001, campaign=made, client_nos=["K1", "K9"])
    assert not made.members.filter(excluded=True).exists()


def test_named_people_have_their_parts(units: Units, cast: SimpleNamespace) -> None:
    clients = [make_client(units["1001"], f"S{number:02}") for number in range(10)]
    made = make_campaign(units["1001"], [one.pk for one in clients], assign="people")
    with pytest.raises(Conflict):
        campaign_steps.propose(actor=audit.SYSTEM, campaign=made)
    for person, share in [(cast.agent_1001, 3), (cast.manager_1001a, 1), (cast.team_lead_1001, 2)]:
        audience.set_share(actor=audit.SYSTEM, campaign=made, person=person, share=share)
    audience.set_share(actor=audit.SYSTEM, campaign=made, person=cast.team_lead_1001, share=0)
    campaign_steps.start(
        actor=audit.SYSTEM, campaign=campaign_steps.propose(actor=audit.SYSTEM, campaign=made)
    )
    order = sorted(
        (one.client_no for one in clients), key=lambda number: md5(f"7:{number}".encode()).hexdigest()
    )
    turns = [cast.agent_1001.pk] * 3 + [cast.manager_1001a.pk]
    wanted = {number: turns[place % 4] for place, number in enumerate(order)}
    assert dict(made.members.values_list("client__client_no", "assignee")) == wanted


def test_a_frozen_audience_stays(units: Units) -> None:
    client = make_client(units["1001"], "K1")
    made = run_campaign(units["1001"], [client.pk])
    with pytest.raises(Conflict):
        audience.choose_clients(actor=audit.SYSTEM, campaign=made, client_ids=[client.pk])
    with pytest.raises(Conflict):
        audience.drop_clients(actor=audit.SYSTEM, campaign=made, client_ids=[client.pk])
