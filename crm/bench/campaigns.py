"""A campaign for 100 000 clients under the clock, from the choice to the result; nothing of it stays."""

import resource
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from clients.models import Client
from core import audit, jobs
from crm.bench.clock import seconds
from crm.bench.fill import Say
from crm.bench.pages import signed_in
from interactions.models import Category
from outreach.actions import campaign_audience, campaign_steps, campaigns
from outreach.models import Campaign
from outreach.queries import campaign_results
from staff.models import Person
from staff.roles import Role

ROWS, CHUNK = 100_000, 1_000


def measure(say: Say) -> None:
    """Seconds of each step, and how much memory the process came to hold."""
    signed_in(Role.TEAM_LEAD, "HQ")
    lead = Person.objects.get(username=f"bench.{Role.TEAM_LEAD}")
    with transaction.atomic():
        made = _draft(lead)
        spent = {"choose": seconds(lambda: _choose(lead, made))}
        spent["propose"] = seconds(partial(_by_job, lead, made, "propose"))
        spent["approve"] = seconds(partial(campaigns.approve, actor=audit.SYSTEM, campaign=made))
        spent["start"] = seconds(partial(_by_job, lead, made, "start"))
        spent["end"] = seconds(partial(campaigns.end, actor=lead, campaign=made))
        spent["evaluate"] = seconds(partial(_by_job, lead, made, "evaluate"))
        made.refresh_from_db()
        spent["result page"] = seconds(lambda: _read(lead, made))
        count = made.members.count()
        transaction.set_rollback(True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps = ", ".join(f"{name} {value:.2f} s" for name, value in spent.items())
    say(f"campaign for {count:,} clients: {steps}; {memory:.0f} MiB held")


def _draft(lead: Person) -> Campaign:
    today = timezone.localdate()
    told = {
        "name": "bench", "unit": None, "category": Category.objects.get(code="care"), "purpose": "service",
        "script": "x", "starts_on": today, "ends_on": today + timedelta(days=30), "assign": "queue",
    }  # fmt: skip
    return campaigns.write_campaign(actor=lead, told=told)


def _choose(lead: Person, campaign: Campaign) -> None:
    """As the bulk deed does, a chunk at a time."""
    ids = list(Client.objects.order_by("pk").values_list("pk", flat=True)[:ROWS])
    for start in range(0, len(ids), CHUNK):
        campaign_audience.choose_clients(actor=lead, campaign=campaign, client_ids=ids[start : start + CHUNK])


def _by_job(lead: Person, campaign: Campaign, name: str) -> None:
    """From the button to the end of the job, as a worker does it."""
    job = campaign_steps.ask(actor=lead, campaign=campaign, name=name).job
    claimed = jobs.claim(job.pk) if job else None
    assert claimed is not None  # nobody else sees it before the end of the transaction
    with jobs.working(claimed):
        campaign_steps.work(claimed)


def _read(lead: Person, campaign: Campaign) -> None:
    campaign_results.figures(lead, campaign)
