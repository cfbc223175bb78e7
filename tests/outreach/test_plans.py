"""Plans: started once at a time for a client, each run with its own tasks, cancelled with them."""

from datetime import date
from types import SimpleNamespace

import pytest

from clients.models import Client
from core.errors import Conflict, Stale
from outreach.actions import changing, plans
from outreach.actions.plans import Step
from outreach.models import PlanRun, PlanVersion, Task, TaskPlan
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 12, 4)
STEPS = (
    Step(title="call", after=1, days=PlanVersion.Days.TRADING),
    Step(title="write", after=2, who=PlanVersion.Who.STARTER),
    Step(title="look", who=PlanVersion.Who.QUEUE),
)


@pytest.fixture
def people(units: dict[str, Unit], cast: SimpleNamespace) -> list[Client]:
    return [make_client(units["1001"], f"C{number}", manager_no="M1001A") for number in (1, 2)]


def _plan(cast: SimpleNamespace, name: str = "p") -> TaskPlan:
    return plans.write_plan(actor=cast.team_lead_1001, name=name, steps=STEPS)


def _ids(clients: list[Client]) -> list[int]:
    return [client.pk for client in clients]


def test_each_step_on_its_day_for_whom_it_names(people: list[Client], cast: SimpleNamespace) -> None:
    """From a Friday: the next trading day is Monday, two calendar days on it is Sunday."""
    agent, manager = cast.agent_1001, cast.manager_1001a
    plans.start_plan(actor=agent, plan=_plan(cast), client_ids=_ids(people), run=7, on=FRIDAY)
    rows = Task.objects.values_list("client__client_no", "title", "occurs_on", "assignee_id", "plan_run__run")
    assert sorted(rows, key=str) == sorted(
        (number, title, day, who, 7)
        for number in ("C1", "C2")
        for title, day, who in (
            ("call", date(2026, 12, 7), manager.pk),
            ("write", date(2026, 12, 6), agent.pk),
            ("look", FRIDAY, None),
        )
    )  # fmt: skip


def test_once_at_a_time_for_a_client(people: list[Client], cast: SimpleNamespace) -> None:
    plan, lead = _plan(cast), cast.team_lead_1001
    plans.start_for(actor=lead, plan=plan, client=people[0])
    with pytest.raises(Conflict):
        plans.start_for(actor=lead, plan=plan, client=people[0])
    assert plans.start_plan(actor=lead, plan=plan, client_ids=_ids(people), run=7) == [people[1].pk]
    assert Task.objects.count() == 2 * len(STEPS)


def test_two_plans_of_a_client_keep_their_own_tasks(people: list[Client], cast: SimpleNamespace) -> None:
    lead = cast.team_lead_1001
    runs = [plans.start_for(actor=lead, plan=_plan(cast, name), client=people[0]) for name in ("a", "b")]
    assert [run.tasks.count() for run in runs] == [len(STEPS), len(STEPS)]
    assert plans.cancel_runs(actor=lead, runs=runs[:1]) == 1
    left = Task.objects.filter(state="open").values_list("plan_run_id", flat=True)
    assert list(left) == [runs[1].pk] * len(STEPS)


def test_cancelling_ends_what_is_open_and_it_may_run_again(
    people: list[Client], cast: SimpleNamespace
) -> None:
    plan, lead = _plan(cast), cast.team_lead_1001
    run = plans.start_for(actor=lead, plan=plan, client=people[0])
    changing.finish(actor=lead, task=Task.objects.get(title="look"))
    assert (plans.cancel_runs(actor=lead, runs=[run]), plans.cancel_runs(actor=lead, runs=[run])) == (1, 0)
    states = Task.objects.values_list("title", "state")
    assert sorted(states) == [("call", "cancelled"), ("look", "done"), ("write", "cancelled")]
    plans.start_for(actor=lead, plan=plan, client=people[0])
    assert PlanRun.objects.filter(over_at=None).count() == 1


def test_what_runs_goes_on_as_it_began(people: list[Client], cast: SimpleNamespace) -> None:
    plan, lead = _plan(cast), cast.team_lead_1001
    old = plans.start_for(actor=lead, plan=plan, client=people[0])
    plans.rewrite_plan(actor=lead, plan=plan, version=1, steps=[Step(title="new")])
    with pytest.raises(Stale):
        plans.rewrite_plan(actor=lead, plan=plan, version=1, steps=STEPS)
    new = plans.start_for(actor=lead, plan=plan, client=people[1])
    assert [run.version.number for run in (old, new)] == [1, 2]
    assert [run.tasks.count() for run in (old, new)] == [len(STEPS), 1]
    plan.refresh_from_db()
    plans.retire_plan(actor=lead, plan=plan, version=plan.version)
    plan.refresh_from_db()
    with pytest.raises(Conflict):
        plans.start_plan(actor=lead, plan=plan, client_ids=_ids(people), run=9)
