"""What goes through a campaign's whole audience: propose, start, evaluate. Pages ask, a job does it.

A job takes the audience part by part, each in a transaction that holds the campaign, and ends with the new
state in the transaction that ends the job. A part done twice gives the same, so a job whose worker was killed
begins again and nothing is done double; meanwhile no other deed touches the campaign.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from core import audit, jobs, sql
from core.errors import Conflict, Refusal
from core.models import Job
from core.owners import owner_of
from core.runs import last_finished
from core.wake import wake
from outreach.actions.campaign_approvers import tell_approvers
from outreach.actions.campaign_audience import Part, draw_control, parts, sort_out
from outreach.actions.campaign_rows import held_campaign, locked, note, save
from outreach.models import Campaign, CampaignMember

KIND = "outreach.tasks.campaign_step"
State, Place = Campaign.State, CampaignMember.Place


@dataclass(frozen=True)
class Step:
    """title: of the job. states: in which it may be asked for. ready: raises Conflict where it cannot be
    taken yet. first: what comes before the parts. part: some of the audience. finish: the new state."""

    title: str
    states: tuple[str, ...]
    ready: Callable[[Campaign], None]
    first: Callable[[Campaign], None]
    part: Callable[[Campaign, Part], None]
    finish: Callable[[audit.Actor, Campaign], None]


def propose(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Sorts the audience out, so that whoever approves sees it; a small one without product needs nobody."""
    return _at_once(actor, campaign, "propose")


def start(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Freezes the audience as it may be contacted today and draws the control group."""
    return _at_once(actor, campaign, "start")


def evaluate(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Looks for the target in what is known up to the last night; may be done again when more is known."""
    return _at_once(actor, campaign, "evaluate")


@transaction.atomic
def _at_once(actor: audit.Actor, campaign: Campaign, name: str) -> Campaign:
    """The whole step in this transaction, for small audiences."""
    step = STEPS[name]
    held = held_campaign(campaign, *step.states)
    step.ready(held)
    step.first(held)
    for part in parts(held):
        step.part(held, part)
    step.finish(actor, held)
    return held


@transaction.atomic
def ask(*, actor: audit.Actor, campaign: Campaign, name: str) -> Campaign:
    """Hands the step to a job. Raises Conflict where it cannot be taken now, or one is at work already."""
    step = STEPS[name]
    held = held_campaign(campaign, *step.states)
    step.ready(held)
    held.job = jobs.start(
        kind=KIND, title=f"{_(step.title)}: {held.name}", owner=actor,
        arguments={
            "campaign": held.pk, "step": name, "by": [actor.actor_kind, actor.actor_id],
            "language": get_language() or settings.LANGUAGE_CODE,
        },
        url=reverse("campaigns:detail", args=[held.pk]),
    )  # fmt: skip
    held.save(update_fields=["job"])
    note(actor, "campaign.asked", held, {"step": name})
    return held


def work(job: Job) -> None:
    """The work of the job. What the end refuses stands in the job's result, in the asker's language."""
    with translation.override(job.arguments["language"]):
        try:
            _part_by_part(job)
            _in_hand(job, 99, partial(_end, job))
        except Refusal as refusal:
            job.result = {**job.result, "refused": refusal.message}


def _part_by_part(job: Job) -> None:
    campaign, step = Campaign.objects.get(pk=job.arguments["campaign"]), STEPS[job.arguments["step"]]
    whole, done = campaign.members.count() or 1, 0
    _in_hand(job, 0, step.first)
    for part in parts(campaign):
        done += part.size
        _in_hand(job, 99 * done // whole, partial(_one, step, part))


def _one(step: Step, part: Part, held: Campaign) -> None:
    step.part(held, part)


@transaction.atomic
def _in_hand(job: Job, percent: int, do: Callable[[Campaign], None]) -> None:
    """Does something with the job's campaign, both locked, so that neither a cancel nor another worker comes
    between; raises Cancelled when the job no longer has it."""
    held = locked(job.arguments["campaign"])
    jobs.progress(job, percent)
    if held.job_id != job.pk or held.state not in STEPS[job.arguments["step"]].states:
        raise jobs.Cancelled
    do(held)


def _end(job: Job, held: Campaign) -> None:
    """The campaign's new state and the end of the job, both or neither."""
    STEPS[job.arguments["step"]].finish(_asker(job), held)
    jobs.finish(job, job.result)


def _asker(job: Job) -> audit.Actor:
    kind, number = job.arguments["by"]
    return owner_of(kind, number) or audit.SystemActor(actor_name=job.owner_name)


def _callers_named(campaign: Campaign) -> None:
    if campaign.assign == Campaign.Assign.PEOPLE and not campaign.sends and not campaign.people.exists():
        raise Conflict(_("Name the people who call first."), code="nobody_calls")


def _nothing(_campaign: Campaign) -> None:
    """Nothing to ask or to do."""


def _proposed(actor: audit.Actor, campaign: Campaign) -> None:
    contacted = campaign.members.filter(place=Place.TREATED).count()
    if not contacted:
        raise Conflict(_("Nobody of the audience may be contacted."), code="nobody_left")
    asks = campaign.product_id is not None or contacted > settings.CAMPAIGN_APPROVAL_OVER
    campaign.state, campaign.proposed_by = (State.PROPOSED if asks else State.APPROVED), actor.actor_name
    save(actor, campaign, "campaign.proposed", "state", "proposed_by")
    if asks:
        tell_approvers(actor, campaign, contacted)


def _started(actor: audit.Actor, campaign: Campaign) -> None:
    draw_control(campaign)
    campaign.state, campaign.frozen_at = State.RUNNING, timezone.now()
    save(actor, campaign, "campaign.started", "state", "frozen_at")
    wake("outreach.tasks.send_campaigns")


def _windows(campaign: Campaign) -> None:
    sql.run("outreach", "campaign_windows", {"campaign": campaign.pk, "starts_on": campaign.starts_on})


def _convert(campaign: Campaign, part: Part) -> None:
    told: dict[str, Any] = {
        "campaign": campaign.pk, "after": part.after, "upto": part.upto, "target": campaign.target,
        "days": campaign.window_days, "amount": campaign.target_amount, "product": campaign.product_id,
    }  # fmt: skip
    sql.run("outreach", "campaign_convert", told)


def _evaluated(actor: audit.Actor, campaign: Campaign) -> None:
    run = last_finished()
    campaign.state, campaign.evaluated_to = State.EVALUATED, run.as_of if run else None
    save(actor, campaign, "campaign.evaluated", "state", "evaluated_to")


PROPOSE = Step(
    gettext_noop("Propose a campaign"), (State.DRAFT,), _callers_named, _nothing, sort_out, _proposed
)
START = Step(gettext_noop("Start a campaign"), (State.APPROVED,), _nothing, _nothing, sort_out, _started)
EVALUATE = Step(
    gettext_noop("Evaluate a campaign"), (State.ENDED, State.EVALUATED), _nothing, _windows, _convert,
    _evaluated,
)  # fmt: skip
STEPS = {"propose": PROPOSE, "start": START, "evaluate": EVALUATE}
