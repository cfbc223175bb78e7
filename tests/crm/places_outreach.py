"""Things of outreach and notices for the access matrix, in the callers' own and in other units."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from clients.models import Client
from core import audit
from outreach.actions import campaign_steps, campaigns
from outreach.actions.changing import Told, change_task
from outreach.actions.drawing import draw_year
from outreach.actions.exclusions import put_on
from outreach.actions.plans import Step, start_for, write_plan
from outreach.actions.tasks import give_task
from outreach.models import Exclusion
from staff.actions.notices import notify
from staff.models import Notice, Unit
from tests.outreach.callback_world import begin
from tests.outreach.campaigns import run_campaign

DUE = date(2100, 1, 4)


def outreach_places(
    clients: dict[str, Client], cast: SimpleNamespace, units: dict[str, Unit]
) -> dict[str, Any]:
    """Tasks of clients and one without, a plan with a run in both branches, a notice of the agent."""
    made: dict[str, Any] = {}
    for name in ("own", "next"):
        client = clients[name]
        task = give_task(actor=audit.SYSTEM, title="x", due_at=DUE, client=client, steps=["one"])
        change_task(actor=audit.SYSTEM, task=task, version=1, told=Told(title="y", due_at=DUE))
        plan = write_plan(actor=audit.SYSTEM, name=name, steps=[Step(title="call")], unit=client.branch)
        run = start_for(actor=audit.SYSTEM, plan=plan, client=client)
        made[f"callback_{name}"] = begin(client, due_on=DUE).pk
        made |= {f"task_{name}": task.pk, f"planrun_{name}": run.pk, f"taskplan_{name}": plan.pk}
        campaign = run_campaign(client.branch, [client.pk], assign="queue", name=name)
        made |= {f"campaign_{name}": campaign.pk}
        over = run_campaign(client.branch, [client.pk], assign="queue", name=f"{name} over")
        campaign_steps.evaluate(actor=audit.SYSTEM, campaign=campaigns.end(actor=audit.SYSTEM, campaign=over))
        made["campaign_done" if name == "own" else "campaign_done_next"] = over.pk
        put_on(actor=audit.SYSTEM, client_ids=[client.pk], reason="x", from_on=DUE)
        entry = Exclusion.objects.get(client=client).pk
        made["campaign_never" if name == "own" else "campaign_never_next"] = entry
        if name == "own":
            made["campaign_member"] = campaign.members.get().pk
    draw_year(2000, seed="matrix")
    made |= {"taskplan": made["taskplan_own"], "planrun": made["planrun_own"]}
    made["task_mine"] = give_task(actor=cast.agent_1001, title="mine", due_at=DUE).pk
    notify(people=[cast.agent_1001.pk], kind="task.due", text="x", params={}, url="/tasks/", key="matrix")
    return made | {"notice": Notice.objects.get(key="matrix").pk}
