"""Warnings and escalation: up the line, once, also with two workers of which one is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from cases.actions.firing import fire_due
from cases.actions.working import assign, change_state, tick
from cases.models import CaseClock, ClockFiring
from clients.models import Client
from core.models import AuditEntry
from staff.models import Notice, Unit
from tests.cases.world import at, make_case
from tests.clients.people import make_client


@pytest.fixture
def client_1001(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001")


@pytest.mark.django_db
def test_up_the_line(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        case = make_case(cast.team_lead_1001, client_1001, "trading_question")  # three working days
        assign(actor=cast.team_lead_1001, case=case, owner=cast.agent_1001)
        Notice.objects.all().delete()
    assert fire_due(at("2026-11-25 13:11")) == 0
    told: list[tuple[str, set[str]]] = []
    for moment in ("2026-11-25 13:12", "2026-11-26 10:00", "2026-11-27 14:00", "2026-12-01 10:00"):
        assert fire_due(at(moment)) == 1
        assert fire_due(at(moment)) == 0
        people = set(Notice.objects.values_list("person__username", flat=True))
        Notice.objects.all().delete()
        told.append((moment, people))
    names = {key: one.username for key, one in vars(cast).items()}
    assert [people for _moment, people in told] == [
        {names["agent_1001"]},
        {names["agent_1001"], names["team_lead_1001"]},
        {names["branch_manager_1001"], names["region_manager_r1"]},
        {names["team_lead_hq"]},
    ]
    assert fire_due(at("2027-06-01 10:00")) == 0
    clock = CaseClock.objects.get()
    assert (clock.state, clock.level, clock.next_at) == ("breached", 4, None)
    case.refresh_from_db()
    assert case.escalated == 3
    assert AuditEntry.objects.filter(deed="case.escalated").count() == 3


@pytest.mark.django_db
def test_what_was_done_or_waits_is_not_told(cast: SimpleNamespace, client_1001: Client) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        done = make_case(cast.agent_1001, client_1001)
        tick(actor=cast.agent_1001, case=done, step="s2", done=True)
        change_state(actor=cast.agent_1001, case=done, state="resolved", result="x")
        waits = make_case(cast.agent_1001, client_1001)
        change_state(actor=cast.agent_1001, case=waits, state="waiting_client")
    assert fire_due(at("2027-06-01 10:00")) == 0


@pytest.mark.django_db
def test_the_recused_are_not_told(cast: SimpleNamespace, client_1001: Client) -> None:
    from cases.actions.complaints import recuse

    case = make_case(cast.agent_1001, client_1001, "complaint")
    recuse(actor=cast.agent_1001, case=case, person=cast.team_lead_1001)
    fire_due(timezone.now() + timedelta(days=100))
    assert not Notice.objects.filter(person=cast.team_lead_1001).exists()
    assert Notice.objects.filter(person=cast.agent_1001).exists()


WORKER = """
import django; django.setup()
import time
from cases.actions.firing import fire_due
print("ready", flush=True)
until = time.time() + 60
while time.time() < until:
    fire_due()
    time.sleep(0.01)
"""


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_killed_one_tell_once(cast: SimpleNamespace, client_1001: Client) -> None:
    case = make_case(cast.agent_1001, client_1001)
    case.clocks.all().delete()
    past = timezone.now() - timedelta(hours=1)
    CaseClock.objects.bulk_create(
        CaseClock(
            case=case, kind=kind, round=number, hours="always", seconds=10**7, started_at=past, warn_at=past,
            due_at=timezone.now() + timedelta(days=30), next_at=past,
        )
        for number in range(300)
        for kind in ("contact", "resolution")
    )  # fmt: skip
    Notice.objects.all().delete()
    workers = [_worker() for _number in range(2)]
    try:
        for worker in workers:
            assert worker.stdout
            assert worker.stdout.readline().strip() == b"ready"
        _until(lambda: ClockFiring.objects.count() > 50)
        workers[0].send_signal(signal.SIGKILL)
        _until(lambda: not CaseClock.objects.filter(next_at__lte=timezone.now()).exists())
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert Counter(ClockFiring.objects.values_list("clock_id", "level")).most_common(1)[0][1] == 1
    assert ClockFiring.objects.count() == Notice.objects.count() == 600


def _worker() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": _address()}
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE)


def _address() -> str:
    told = connection.settings_dict
    return f"postgres://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"


def _until(true: object, seconds: float = 50.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "the workers did not get there"
        time.sleep(0.05)
