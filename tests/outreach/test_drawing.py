"""Whom programmes have called: mornings and the year's draw, repeated in plain Python."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from types import SimpleNamespace

import pytest
from django.utils import timezone

from cases.models import Case
from clients.models import Client
from core.models import AuditEntry
from outreach.actions.drawing import draw_year, prepare
from outreach.actions.programmes import retire
from outreach.models import Callback, CallbackDraw
from staff.models import Unit
from tests.cases.world import make_case
from tests.clients.people import make_client
from tests.outreach.callback_world import TODAY

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
OLD = {"opened_on": date(2020, 1, 1)}


def _drawn(seed: str, clients: list[Client], share: Decimal) -> set[str]:
    """As the record of a draw tells it: of every branch the lowest checksums, the share rounded up."""
    found: set[str] = set()
    for branch in {client.branch_id for client in clients}:
        numbers = [client.client_no for client in clients if client.branch_id == branch]
        numbers.sort(key=lambda no: hashlib.sha256(f"{seed}:{no}".encode()).hexdigest())
        found |= set(numbers[: ceil(len(numbers) * share)])
    return found


def test_the_draw_is_a_tenth_of_every_branch_without_dormant_ones(units: Units) -> None:
    candidates = [
        make_client(units[code], f"{code}-{number}", **OLD)
        for code, many in (("1001", 21), ("1002", 10))
        for number in range(many)
    ]
    for number in range(30):
        make_client(units["1002"], f"D{number}", status="dormant", **OLD)
    make_client(units["1001"], "N1", opened_on=date(2026, 1, 1))
    make_client(units["1001"], "X1", status="closed", closed_on=date(2026, 2, 1), **OLD)
    prepare(TODAY, seed="s")
    rows = Callback.objects.filter(kind="yearly")
    drawn = set(rows.values_list("client__client_no", flat=True))
    assert drawn == _drawn("s", candidates, Decimal("0.1")) and len(drawn) == 3 + 1
    assert set(rows.values_list("due_on", "occasion_on")) == {(date(2026, 12, 31), date(2026, 1, 1))}
    draw = CallbackDraw.objects.get()
    assert (draw.population, draw.drawn, draw.left_out) == (31, 4, {"dormant": 30, "new": 1})
    assert draw.branches == {"1001": [21, 3], "1002": [10, 1]}


def test_a_year_is_drawn_once_and_the_record_tells_how(units: Units) -> None:
    for number in range(40):
        make_client(units["1001"], f"C{number}", **OLD)
    assert draw_year(2026, seed="first") == 4
    before = set(Callback.objects.values_list("client__client_no", flat=True))
    assert draw_year(2026, seed="other") == 0
    assert set(Callback.objects.values_list("client__client_no", flat=True)) == before
    entry = AuditEntry.objects.get(deed="callbacks.drawn")
    assert entry.detail["seed"] == "first" and entry.detail["drawn"] == 4
    assert draw_year(2027) == 4 and len(CallbackDraw.objects.get(year=2027).seed) == 32


def test_without_a_programme_in_force_nobody_is_drawn(units: Units, cast: SimpleNamespace) -> None:
    make_client(units["1001"], "C1", **OLD)
    retire(actor=cast.agent_hq, kind="yearly", version=1)
    assert draw_year(2026) == 0 and not CallbackDraw.objects.exists()


def test_new_accounts_are_due_30_days_after_the_opening(units: Units) -> None:
    make_client(units["1001"], "C1", opened_on=date(2026, 10, 31))
    make_client(units["1001"], "C2", opened_on=date(2026, 10, 30))
    make_client(units["1001"], "C3", opened_on=TODAY, callback_passed_on=TODAY)
    make_client(units["1001"], "C4", opened_on=TODAY, status="closed", closed_on=TODAY)
    for _twice in range(2):
        prepare(TODAY)
    rows = Callback.objects.filter(kind="new_account").values_list("client__client_no", "due_on")
    assert list(rows) == [("C1", TODAY)]


def test_an_opening_day_that_is_corrected_asks_for_no_second_call(units: Units) -> None:
    client = make_client(units["1001"], "C1", opened_on=TODAY)
    prepare(TODAY)
    Client.objects.filter(pk=client.pk).update(opened_on=TODAY - timedelta(days=1))
    prepare(TODAY)
    assert Callback.objects.count() == 1


def test_what_the_feed_told_meanwhile_is_over(units: Units) -> None:
    told, gone, stays = (make_client(units["1001"], f"C{number}", opened_on=TODAY) for number in range(3))
    prepare(TODAY)
    Client.objects.filter(pk=told.pk).update(callback_passed_on=TODAY - timedelta(days=2))
    Client.objects.filter(pk=gone.pk).update(status="closed", closed_on=TODAY)
    prepare(TODAY)
    rows = Callback.objects.values_list("client", "state", "passed_on", "told_by_feed")
    assert set(rows) == {
        (told.pk, "passed", TODAY - timedelta(days=2), True), (gone.pk, "dropped", None, False),
        (stays.pk, "open", None, False),
    }  # fmt: skip


def test_a_new_assessment_at_a_level_of_the_programme(units: Units) -> None:
    today = timezone.localdate()
    since = {"risk_assessed_on": today, **OLD}
    make_client(units["1001"], "C1", risk_level="C5", **since)
    make_client(units["1001"], "C2", risk_level="C4", **since)
    make_client(units["1001"], "C3", risk_level="C5", risk_assessed_on=today - timedelta(days=3), **OLD)
    make_client(units["1001"], "C4", risk_level="C5", status="dormant", **since)
    for _twice in range(2):
        prepare(today)
    rows = Callback.objects.filter(kind="product_risk").values_list("client__client_no", "due_on")
    assert list(rows) == [("C1", today + timedelta(days=15))]


def test_a_complaint_that_was_closed_asks_once_a_day(units: Units, cast: SimpleNamespace) -> None:
    now = timezone.now()
    client, other = (make_client(units["1001"], no, **OLD) for no in ("C1", "C2"))
    for whose, kind in ((client, "complaint"), (client, "complaint"), (other, "service_request")):
        case = make_case(cast.agent_1001, whose, kind)
        Case.objects.filter(pk=case.pk).update(state="closed", resolved_at=now, closed_at=now)
    make_case(cast.agent_1001, other, "complaint")
    today = timezone.localdate()
    prepare(today)
    rows = Callback.objects.filter(kind="complaint").values_list("client", "occasion_on", "due_on")
    assert list(rows) == [(client.pk, today, today + timedelta(days=15))]
