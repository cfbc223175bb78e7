"""What is missing or has run out: the filters, their counts on the start page, and the indexes they use."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clients import identifiers
from clients.models import Client, ContactPoint
from clients.queries.worklists import GAPS, lacking
from clients.suitability import years_later
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def clients(units: dict[str, Unit]) -> None:
    """One client for each gap, sound ones, and one that is closed."""
    sound = {"id_expires_on": date(2030, 1, 1), "risk_assessed_on": TODAY}
    gaps: dict[str, dict[str, Any]] = {
        "C000001": {},
        "C000002": {"id_expires_on": TODAY - timedelta(days=1)},
        "C000003": {"id_expires_on": TODAY + timedelta(days=30)},
        "C000004": {"risk_assessed_on": date(2024, 11, 22)},
        "C000005": {"risk_assessed_on": None},
        "C000006": {"risk_assessed_on": date(2024, 11, 23)},
        "C000007": {"mobile_index": None},
        "C000008": {"status": "closed", "closed_on": TODAY, "id_expires_on": date(2020, 1, 1)},
        "C000009": {"mobile_index": None, "at": "1002"},
    }
    for number, gap in gaps.items():
        made = make_client(units[gap.pop("at", "1001")], number)
        Client.objects.filter(pk=made.pk).update(**{**sound, **gap})


def _numbers(gap: str) -> list[str]:
    found = lacking(Client.objects.all(), gap, TODAY)
    return list(found.order_by("client_no").values_list("client_no", flat=True))


def test_each_gap(clients: None) -> None:
    assert _numbers("id_expired") == ["C000002"]
    assert _numbers("id_expiring") == ["C000003"]
    assert _numbers("assessment_expired") == ["C000004", "C000005"]
    assert _numbers("assessment_expiring") == ["C000006"]
    assert _numbers("unreachable") == ["C000007", "C000009"]
    other = Client.objects.get(client_no="C000007")
    ContactPoint.objects.create(client=other, kind="phone", value=b"sealed", added_by="x")
    assert _numbers("unreachable") == ["C000009"]


@pytest.mark.parametrize("today", [date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 28), date(2028, 2, 29)])
def test_leap_days(clients: None, today: date) -> None:
    """The filter and the suitability rule say the same of every assessment around the day."""
    client = Client.objects.get(client_no="C000001")
    for back in range(-3, 4):
        made = date(today.year - 2, 2, 26) + timedelta(days=back + 3)
        Client.objects.filter(pk=client.pk).update(risk_assessed_on=made)
        expired = lacking(Client.objects.filter(pk=client.pk), "assessment_expired", today).exists()
        assert expired is (years_later(made, 2) < today), made
        soon = lacking(Client.objects.filter(pk=client.pk), "assessment_expiring", today).exists()
        assert soon is (today <= years_later(made, 2) <= today + timedelta(days=30)), made


def test_counted_on_the_start_page_in_scope(clients: None, cast: SimpleNamespace, as_person: Speak) -> None:
    Client.objects.filter(client_no="C000002").update(id_expires_on=timezone.localdate() - timedelta(days=1))
    entries = {
        entry["url"].partition("?")[2]: entry["count"]
        for entry in as_person(cast.team_lead_1001).get(reverse("home")).context["worklists"]
    }
    assert entries["gap=unreachable"] == "1"
    assert entries["flag=at_risk&sort=-score"] == ""
    page = as_person(cast.team_lead_1001).get(reverse("clients:list"), {"gap": "unreachable"})
    text = page.content.decode()
    assert ("C000007" in text, "C000009" in text, "C000001" in text) == (True, False, False)


@pytest.mark.parametrize("gap", [gap for gap, _words in GAPS])
def test_an_index_serves_it(clients: None, gap: str) -> None:
    query = lacking(Client.objects.filter(merged_into__isnull=True), gap, TODAY).order_by()[:1001]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # a small table is as well read along its key
        cursor.execute("DROP INDEX client_mobile_index")  # which serves a few rows as well
    plan = query.values("pk").explain()
    known = ("client_id_expiry", "client_assessed", "client_unreachable", "clients_unanswered")
    assert any(name in plan for name in known), plan


@pytest.mark.parametrize(
    "number", ["13800001234", "+86 138-0000-1234", "8613800001234", "+852 9123 4567", "+886 912345678"]
)
def test_mobiles_that_can_be(number: str) -> None:
    assert identifiers.is_mobile(number)


@pytest.mark.parametrize("number", ["", "1380000123", "23800001234", "021-63901234", "123", "无"])
def test_mobiles_that_cannot_be(number: str) -> None:
    assert not identifiers.is_mobile(number)
    assert identifiers.mobile_index(number) is None
