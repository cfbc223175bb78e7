"""The jobs that go through a campaign's audience: killed, doubled, refused, called off; who hears of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from core import audit, jobs
from core.errors import Conflict
from core.models import AuditEntry, Job
from outreach.actions import campaign_audience, campaign_steps, campaigns
from outreach.models import Campaign
from outreach.tasks import campaign_step
from staff.models import Notice, Unit
from tests.clients.people import make_client
from tests.outreach.campaigns import make_campaign

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_audience, "PART", 3)


def _made(units: Units, count: int = 8, **told: Any) -> Campaign:
    ids = [make_client(units["1001"], f"C{number:03}").pk for number in range(count)]
    return make_campaign(units["1001"], ids, **told)


def _asked(campaign: Campaign, name: str, actor: Any = audit.SYSTEM) -> Job:
    job = campaign_steps.ask(actor=actor, campaign=campaign, name=name).job
    assert job is not None
    return job


def test_a_killed_worker_is_followed_by_another_and_nothing_is_double(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _made(units)
    campaign_steps.propose(actor=cast.team_lead_1001, campaign=made)
    job = _asked(made, "start", cast.team_lead_1001)
    monkeypatch.setattr(jobs, "progress", _killed_after(3))
    with pytest.raises(KeyboardInterrupt):
        campaign_step(job.pk)
    monkeypatch.undo()
    made.refresh_from_db()
    assert (made.state, made.frozen_at) == ("approved", None)
    Job.objects.filter(pk=job.pk).update(touched_at=None, state=Job.State.WAITING)  # as after SILENCE
    one, other = jobs.claim(job.pk), Job.objects.get(pk=job.pk)
    assert one is not None
    for worker in (one, other):
        with jobs.working(worker):
            campaign_steps.work(worker)
    made.refresh_from_db()
    job.refresh_from_db()
    assert (made.state, job.state, job.percent) == ("running", "done", 100)
    assert AuditEntry.objects.filter(deed="campaign.started").count() == 1


def _killed_after(times: int) -> Any:
    """As when the process ends in the middle of a part: the transaction goes."""
    told, real = iter(range(times)), jobs.progress

    def progress(job: Job, percent: int) -> None:
        if next(told, None) is None:
            raise KeyboardInterrupt
        real(job, percent)

    return progress


def test_nothing_else_is_done_meanwhile(units: Units, cast: SimpleNamespace) -> None:
    made = _made(units)
    job = _asked(made, "propose")
    with pytest.raises(Conflict):
        campaign_steps.ask(actor=audit.SYSTEM, campaign=made, name="propose")
    with pytest.raises(Conflict):
        campaign_audience.choose_clients(actor=audit.SYSTEM, campaign=made, client_ids=[1])
    jobs.cancel(job=job)
    campaign_step(job.pk)
    made.refresh_from_db()
    assert (made.state, made.is_working) == ("draft", False)
    campaign_step(_asked(made, "propose").pk)
    made.refresh_from_db()
    assert made.state == "approved"


def test_what_the_end_refuses_stands_on_the_page(units: Units, cast: SimpleNamespace, as_person: Any) -> None:
    made = _made(units, 2)
    campaign_audience.exclude(actor=cast.team_lead_1001, campaign=made, client_nos=["C000", "C001"])
    lead, address = as_person(cast.team_lead_1001), f"/campaigns/{made.pk}/"
    assert lead.post(f"{address}do/propose/").status_code == 302
    made.refresh_from_db()
    assert made.job is not None
    campaign_step(made.job.pk)
    made.refresh_from_db()
    assert (made.state, made.job.state) == ("draft", "done")
    assert "目标客户中没有可联系的客户。" in lead.get(address).content.decode()


def test_progress_goes_up_part_by_part(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    real = jobs.progress
    monkeypatch.setattr(jobs, "progress", lambda job, percent: (told.append(percent), real(job, percent)))
    campaign_step(_asked(_made(units), "propose").pk)
    assert told == [0, 37, 74, 99, 99]


def test_who_may_approve_hears_that_one_waits(units: Units, cast: SimpleNamespace, settings: Any) -> None:
    settings.CAMPAIGN_APPROVAL_OVER = 2
    made = campaign_steps.propose(actor=cast.team_lead_1001, campaign=_made(units, 3))
    told = Notice.objects.filter(kind="campaign.waits")
    people = {cast.branch_manager_1001.pk}
    assert made.state == "proposed"
    assert people <= set(told.values_list("person", flat=True))
    assert not told.filter(person__in=[cast.team_lead_1001, cast.agent_1001]).exists()
    reached = [one.person.scope_for("campaigns.approve") for one in told.select_related("person")]
    assert all(scope.firm or units["1001"].pk in scope.unit_ids for scope in reached)
    told.delete()
    campaigns.send_back(actor=cast.branch_manager_1001, campaign=made)
    settings.CAMPAIGN_APPROVAL_OVER = 3
    assert campaign_steps.propose(actor=cast.team_lead_1001, campaign=made).state == "approved"
    assert not told.exists()
