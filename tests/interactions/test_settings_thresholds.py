"""Thresholds of the service levels hold from a day on; figures of earlier days keep what held then."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core.errors import Conflict
from core.models import AuditEntry
from interactions import levels
from interactions.actions.thresholds import set_threshold, withdraw_threshold
from interactions.models import Conversation, Line, ServiceLevel, ServiceThreshold
from interactions.queries.thresholds import in_force, to_come
from staff.models import Unit

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
PHONE = {"channel": "phone", "tier_band": "other", "hours": "always"}


def put(actor: Any, seconds: int, day: date, **more: Any) -> ServiceThreshold:
    return set_threshold(actor=actor, seconds=seconds, from_date=day, **{**PHONE, **more})


def phone_now(day: date) -> int:
    """Seconds that hold for unknown callers on that day."""
    row = next(row for row in in_force(day) if row.channel in ("电话", "Phone"))
    held = row.thresholds[-1]
    assert held is not None
    return held.seconds


def test_the_newest_row_that_is_not_after_the_day_holds(cast) -> None:
    lead, today = cast.team_lead_hq, timezone.localdate()
    before = phone_now(today)
    later = put(lead, 45, today + timedelta(days=3))
    put(lead, 50, today + timedelta(days=3))
    assert (phone_now(today), phone_now(today + timedelta(days=3)), before) == (20, 50, 20)
    assert [one.seconds for one in to_come(today)] == [50]
    withdraw_threshold(actor=lead, threshold=later)
    assert not to_come(today)
    put(lead, 15, today)
    assert (phone_now(today), phone_now(today - timedelta(days=1))) == (15, 20)
    held = ServiceThreshold.objects.get(from_date=today)
    for gone in (held, later):
        with pytest.raises(Conflict):
            withdraw_threshold(actor=lead, threshold=gone)
    deeds = AuditEntry.objects.filter(subject_type="service_threshold").order_by("pk")
    wanted = ["threshold.set", "threshold.set", "threshold.withdrawn", "threshold.set"]
    assert list(deeds.values_list("deed", flat=True)) == wanted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("channel", "pigeon"), ("tier_band", "V9"), ("hours", "never"), ("seconds", 0)],
        *[("seconds", 10**6), ("from_date", date(2026, 1, 1))],
    ],
)
def test_what_no_threshold_is(cast, field: str, value: Any) -> None:
    told = {**PHONE, "seconds": 9, "from_date": timezone.localdate(), field: value}
    with pytest.raises(ValidationError) as refused:
        set_threshold(actor=cast.team_lead_hq, **told)
    assert list(refused.value.message_dict) == [field]


def test_only_the_whole_firms_leads_set_them(client, cast) -> None:
    today = timezone.localdate()
    with pytest.raises(PermissionDenied):
        put(cast.team_lead_1001, 9, today)
    coming = put(cast.team_lead_hq, 9, today + timedelta(days=1))
    client.force_login(cast.region_manager_r1)
    page = client.get("/desk/settings/thresholds/")
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    assert client.post("/desk/settings/thresholds/", {}).status_code == 403
    assert client.post(f"/desk/settings/thresholds/{coming.pk}/withdraw/").status_code == 403


def test_each_conversation_counts_by_what_held_on_its_day_in_shanghai(cast, units) -> None:
    """One second before midnight the old threshold holds, from midnight on the new one."""
    day = date(2026, 9, 2)
    ServiceThreshold.objects.create(seconds=5, from_date=day, **PHONE)
    line = Line.objects.create(code="h", adapter="hotline", name="H", unit=Unit.objects.get(code="1001"))
    midnight = datetime(2026, 9, 2, tzinfo=SHANGHAI)
    for number, queued in enumerate((midnight - timedelta(seconds=1), midnight)):
        Conversation.objects.create(
            line=line, channel="phone", thread=str(number), direction="in", unit=line.unit, opened_at=queued,
            queued_at=queued, answered_at=queued + timedelta(seconds=10),
        )  # fmt: skip
    levels.rebuild(date(2026, 9, 1), day)
    found = ServiceLevel.objects.order_by("half_hour").values_list("answered_in_target", flat=True)
    assert list(found) == [1, 0]


def test_a_threshold_is_set_and_taken_back_on_the_page(
    client, cast, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.team_lead_hq)
    today = timezone.localdate()
    told = {**PHONE, "seconds": "33", "from_date": str(today + timedelta(days=2))}
    assert client.post("/desk/settings/thresholds/", told).status_code == 302
    assert client.post("/desk/settings/thresholds/", {**told, "seconds": "0"}).status_code == 422
    assert client.post("/desk/settings/thresholds/", {**told, "from_date": "2020-01-01"}).status_code == 422
    with django_assert_max_num_queries(10):
        assert "33" in client.get("/desk/settings/thresholds/").content.decode()
    made = ServiceThreshold.objects.get(seconds=33)
    assert client.post(f"/desk/settings/thresholds/{made.pk}/withdraw/").status_code == 302
    assert not ServiceThreshold.objects.filter(seconds=33).exists()
