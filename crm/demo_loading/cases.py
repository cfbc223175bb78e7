"""The demo's cases: opened as they came over sixty days, and worked on as far as each has come."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases.actions import clocks, complaints, incidents, sealing, working
from cases.actions.cases import open_case
from cases.models import Case, CaseClock, CaseEvent, CaseNote, Complaint, ComplaintDecision, State
from clients.models import Client
from crm.demo.cases import OUTAGE, Told, told_cases
from crm.demo_loading.asked import ACTOR
from staff.models import Person

WORKERS = ("liu.siqi", "zhou.min", "song.xiaoyu", "fang.jianming", "qian.zhiqiang", "li.jingyi")
LEADS = {"1001": "song.xiaoyu", "1002": "tian.zhiyuan"}
PLACES = ("1001", "1002")
RESULT = "已核实并告知客户处理结果，客户表示认可。"
ENDS = ("first_response", "acknowledge", "contact", "resolution", "hard_stop")


@transaction.atomic
def make_cases(seed: int) -> None:
    """Unless that was done before."""
    if Case.objects.exists():
        return
    clients = list(
        Client.objects.filter(branch__code__in=PLACES, status=Client.Status.NORMAL)
        .select_related("branch", "standing").order_by("client_no")[:80]
    )  # fmt: skip
    if not clients:
        return
    people = {one.username: one for one in Person.objects.filter(username__in=[*WORKERS, *LEADS.values()])}
    workers = [people[name] for name in WORKERS]
    draw, now = random.Random(f"work {seed}"), timezone.now()
    for told in told_cases(seed, len(clients), len(workers)):
        _make(told, clients[told.client], workers, people, draw, now)
    _incident(people)


def _make(
    told: Told,
    client: Client,
    workers: list[Person],
    people: dict[str, Person],
    draw: random.Random,
    now: datetime,
) -> None:
    opened = now - timedelta(minutes=told.age)
    owner = workers[told.owner] if told.owner is not None else None
    case = open_case(
        actor=owner or ACTOR, client=client, kind=told.kind, subject=told.subject, text=told.text,
        channel=told.channel, fields=told.fields, owner=owner, opened_at=opened,
    )  # fmt: skip
    lead = people[LEADS[client.branch.code]]
    if case.is_complaint:
        _complaint(case, lead, draw, told)
    heard = opened + timedelta(minutes=min(draw.choice([0, 0, 1, 30, 200]), told.age - 1))
    if told.state not in (State.NEW, State.CLOSED):
        clocks.stop(case, ENDS[:2], heard)
        working.add_note(actor=owner or lead, case=case, text="已电话联系客户，说明办理时限。")
        CaseNote.objects.filter(case=case).update(written_at=heard)
        case.events.filter(kind="noted").update(at=heard)
    case.events.filter(kind="opened").update(at=opened)
    _stand(case, told, opened, now, draw)


def _stand(case: Case, told: Told, opened: datetime, now: datetime, draw: random.Random) -> None:
    """Puts the case where it has come to, as of then."""
    since = min(opened + timedelta(hours=draw.choice([1, 3, 8, 26])), now - timedelta(minutes=1))
    fields: dict[str, object] = {"state": told.state, "state_since": since}
    if told.state == State.WAITING_CLIENT:
        clocks.pause(case, since)
    if told.state in (State.RESOLVED, State.CLOSED):
        clocks.stop(case, ENDS, since)
        sealing.put(case, result=RESULT)
        fields |= {"resolved_at": since, "result": case.result}
        fields |= {"ticked": [step["key"] for step in case.type_version.steps]}
    if told.state == State.CLOSED:
        fields["closed_at"] = min(since + timedelta(hours=20), now)
    if told.state != State.NEW:
        CaseEvent.objects.create(
            case=case, at=since, kind="state_changed", who=case.opened_by, person=case.owner,
            detail={"old": str(State.NEW), "new": told.state},
        )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(**fields)
    # what was overdue long ago was told long ago
    CaseClock.objects.filter(case=case, ended_at__isnull=False).update(next_at=None)


def _complaint(case: Case, lead: Person, draw: random.Random, told: Told) -> None:
    Complaint.objects.filter(case=case).update(
        business=draw.choice(Complaint.Business.values), severity=draw.choice(Complaint.Severity.values)
    )
    if told.state in (State.RESOLVED, State.CLOSED):
        found = ComplaintDecision.objects.create(
            complaint=case.complaint, outcome=draw.choice(["yes", "partly", "no", "no"]), decided_by=lead,
            decided_on=(case.opened_at + timedelta(days=2)).date(),
        )  # fmt: skip
        ComplaintDecision.objects.filter(pk=found.pk).update(decided_at=case.opened_at + timedelta(days=2))
    elif case.owner_id and draw.random() < 0.5:
        complaints.ask_longer(actor=lead, case=case, reason="涉及多笔交易，需调取系统日志。")


def _incident(people: dict[str, Person]) -> None:
    """The outage of this morning, with an answer that waits for a second person."""
    lead = people["song.xiaoyu"]
    told = incidents.open_incident(
        actor=lead, title="手机客户端行情中断", text="今日上午部分客户看不到行情。"
    )
    ids = list(Case.objects.unfinished().filter(subject=OUTAGE[2]).values_list("pk", flat=True))
    incidents.put_under(actor=lead, ids=ids, incident=told)
    answer = "尊敬的客户：今日上午的行情中断已于 10:20 恢复，交易未受影响。给您带来不便，深表歉意。"
    incidents.propose_answer(actor=lead, incident=told, version=told.version, answer=answer)
