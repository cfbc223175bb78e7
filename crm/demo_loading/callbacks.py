"""The demo's callbacks: new accounts of the last forty days in every state, a year's sample half called."""

import random
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clients.models import Client
from core.errors import Conflict
from outreach.actions.callbacks import Told, settle, take
from outreach.actions.drawing import prepare
from outreach.models import Callback, CallbackDraw, CallbackKind, CallbackProgramme
from outreach.moments import SHANGHAI
from staff.models import Person

CALLERS = {"1001": "liu.siqi", "1002": "fang.jianming"}
ANYWHERE = "li.jingyi"
FINE = {
    CallbackKind.NEW_ACCOUNT: {f"q{number}": "yes" for number in range(1, 8)} | {"q6": "no"},
    CallbackKind.YEARLY: {"q1": "yes", "q2": "no", "q3": "no", "q4": "no", "q5": "满意"},
}
WRONG = {CallbackKind.NEW_ACCOUNT: {"q4": "no"}, CallbackKind.YEARLY: {"q5": "不满意"}}
STATES = ("passed", "exception", "unreachable", "refused", "tried", "passed", "passed")
MIX = ("passed",) * 10 + ("tried",) * 3 + ("exception",) * 2 + ("refused", "unreachable")
SPAN, NEW_CALLED, YEARLY_CALLED, SINCE = 40, 14, 70, 12
"""Days of new accounts, how many of them and of the sample were called, from so many days ago on."""


@transaction.atomic
def make_callbacks(seed: int, until: date) -> None:
    """Unless that was done before."""
    if CallbackDraw.objects.exists():
        return
    draw = random.Random(f"callbacks {seed}")
    people = {one.username: one for one in Person.objects.filter(username__in=[*CALLERS.values(), ANYWHERE])}
    prepare(until, seed=f"{draw.getrandbits(128):032x}")
    begun = _moment(until - timedelta(days=SINCE), draw)
    Callback.objects.update(next_at=begun)
    fresh = _opened_lately(until, begun)
    for number, row in enumerate(fresh[:NEW_CALLED]):
        _call(row, STATES[number % len(STATES)], people, until, draw)
    _told_by_the_feed(fresh[NEW_CALLED:])
    for row in _open(CallbackKind.YEARLY)[:YEARLY_CALLED]:
        _call(row, draw.choice(MIX), people, until, draw)


def _open(kind: str) -> QuerySet[Callback]:
    rows = Callback.objects.filter(kind=kind, state=Callback.State.OPEN)
    return rows.select_related("client", "branch").order_by("branch__code", "client__client_no")


def _opened_lately(until: date, begun: datetime) -> list[Callback]:
    """Callbacks as they began for accounts whose callback the counter system told afterwards."""
    since = until - timedelta(days=SPAN)
    clients = Client.objects.filter(opened_on__gt=since, opened_on__lte=until, merged_into=None)
    programme = CallbackProgramme.objects.get(kind=CallbackKind.NEW_ACCOUNT, number=1)
    rows = clients.exclude(callback_passed_on=None).select_related("branch").order_by("client_no")
    days = [(client, client.opened_on or until) for client in rows]
    return Callback.objects.bulk_create(
        Callback(
            client=client, kind=CallbackKind.NEW_ACCOUNT, programme=programme, branch=client.branch,
            occasion_on=opened, due_on=opened + timedelta(days=30), next_at=begun,
        )
        for client, opened in days
    )  # fmt: skip


def _told_by_the_feed(rows: list[Callback]) -> None:
    for row in rows:
        passed = row.client.callback_passed_on or row.due_on
        row.state, row.passed_on, row.told_by_feed = Callback.State.PASSED, passed, True
        row.ended_at = datetime.combine(passed + timedelta(days=1), time(7, 15), SHANGHAI)
    Callback.objects.bulk_update(rows, ["state", "passed_on", "told_by_feed", "ended_at"])


def _call(row: Callback, state: str, people: dict[str, Person], until: date, draw: random.Random) -> None:
    """Calls until it stands so; a client of the caller is left alone."""
    caller = people[CALLERS.get(row.branch.code, ANYWHERE)]
    tries = {"tried": 1, "unreachable": 3}.get(state, draw.choice([0, 0, 0, 1]))
    told = [Told(outcome="no_answer", reason=draw.choice(["rang_out", "busy", "off"]))] * tries
    told += [_ended(row, state)] if state not in ("tried", "unreachable") else []
    day = until - timedelta(days=draw.randint(len(told), SINCE - 1))
    try:
        for number, one in enumerate(told):
            now = _moment(day + timedelta(days=number), draw, afternoon=number % 2 == 1)
            take(actor=caller, callback=row, now=now)
            settle(actor=caller, callback=row, told=one, now=now + timedelta(minutes=draw.randint(1, 6)))
    except Conflict:
        return


def _ended(row: Callback, state: str) -> Told:
    fine = FINE[CallbackKind(row.kind)]
    if state == "exception":
        return Told(
            outcome="reached",
            answers=fine | WRONG[CallbackKind(row.kind)],
            note="客户对此表示不清楚，需核实。",
        )
    if state == "refused":
        return Told(outcome="refused", note="客户表示不方便接受回访。")
    return Told(outcome="reached", answers=fine)


def _moment(day: date, draw: random.Random, *, afternoon: bool = False) -> datetime:
    hour = draw.choice([14, 15, 16]) if afternoon else draw.choice([9, 10, 11])
    return datetime.combine(day, time(hour, draw.randint(0, 49)), SHANGHAI)
