"""Bulk deeds: frozen set-based, done chunk by chunk with the done-mark, resumed, reported, taken back."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions import tags
from clients.bulk.tags import TAG, TagForm
from clients.models import Client, ClientTag, Tag
from core import jobs
from core.bulk import choosing, working
from core.bulk.outcome import failures, outcome
from core.errors import Conflict
from core.models import AuditEntry, BulkChunk, BulkRun, Job
from core.registry import list_sources
from core.tasks import bulk_work
from staff.models import Membership, Person, Unit
from tests import databases
from tests.cast import Speak
from tests.clients.crowds import make_crowd

Units = dict[str, Unit]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.broker.send", lambda _kind, _args: None)


def chosen(person: Person, query: str | None = "", **ids: Any) -> BulkRun:
    return choosing.choose(actor=person, source=list_sources()["clients"], deed=TAG, query=query, **ids)


def started(person: Person, run: BulkRun, way: str = "give", tag: str = "重点") -> BulkRun:
    form = TagForm({"way": way, "tag": tag}, person=person)
    assert form.is_valid(), form.errors
    return working.start(actor=person, run=run, deed=TAG, form=form)


def worked(run: BulkRun) -> Job:
    """Lets the run's job work until it rests."""
    assert run.job is not None
    bulk_work(run.job.pk)
    run.job.refresh_from_db()
    run.refresh_from_db()
    return run.job


def tagged() -> int:
    return ClientTag.objects.filter(tag__name="重点").count()


def sums(run: BulkRun) -> tuple[int, int, int, int, int]:
    came = outcome(run)
    return came.done, came.failed, came.waiting, came.undone, came.stayed


def test_everything_that_matches_is_frozen_in_one_statement(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 2500)
    make_crowd(units["1002"], 10, prefix="D")
    with CaptureQueriesContext(connection) as queries:
        run = chosen(cast.team_lead_1001)
    assert run.total == 2500
    assert [len(chunk.ids) for chunk in run.chunks.order_by("position")] == [1000, 1000, 500]
    assert sum("INSERT INTO core_bulkchunk" in query["sql"] for query in queries) == 1
    assert len(queries) < 12


def test_filters_and_ids_choose(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 5)
    stranger = make_crowd(units["1002"], 1, prefix="D")[0]
    crowd[0].status = "frozen"
    crowd[0].save()
    assert chosen(cast.team_lead_1001, "status=frozen&sort=-client_no&cursor=x&view=7").total == 1
    run = chosen(cast.team_lead_1001, None, ids=[crowd[1].pk, crowd[2].pk, stranger.pk, 10**12])
    assert run.chunks.get().ids == [crowd[1].pk, crowd[2].pk]
    with pytest.raises(Conflict):
        chosen(cast.team_lead_1001, None, ids=[stranger.pk])
    with pytest.raises(Conflict):
        chosen(cast.team_lead_1001, "status=nonsense")


def test_only_where_the_right_is_held(units: Units, cast: SimpleNamespace) -> None:
    """An agent of one branch who leads a team at another sees both and tags only there."""
    make_crowd(units["1001"], 3)
    make_crowd(units["1002"], 2, prefix="D")
    Membership.objects.create(
        person=cast.agent_1001, unit=units["1002"], role="team_lead", from_date="2020-01-01"
    )
    agent = Person.objects.get(pk=cast.agent_1001.pk)
    assert list_sources()["clients"].page_for(agent).queryset.count() == 5
    assert chosen(agent).total == 2


def test_too_many_are_refused(units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_ROWS", 3)
    make_crowd(units["1001"], 4)
    with pytest.raises(choosing.TooMany):
        chosen(cast.team_lead_1001)


def test_tags_are_given_and_taken_back(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 2100)
    tags.give_tag(actor=cast.team_lead_1001, client=crowd[0], name=" 重点 ")
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    job = worked(run)
    assert (job.state, job.percent, tagged()) == ("done", 100, 2100)
    assert sums(run) == (2099, 1, 0, 0, 0)
    assert job.result == {"url": reverse("bulk:run", args=[run.pk])}
    run = working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG)
    worked(run)
    assert list(ClientTag.objects.values_list("client", flat=True)) == [crowd[0].pk]
    assert sums(run) == (2099, 1, 0, 2099, 0)
    assert not working.may_undo(run, TAG)
    deeds = list(AuditEntry.objects.filter(subject_type="bulk run").values_list("deed", flat=True))
    assert deeds.count("clients.tagged") == deeds.count("clients.untagged") == 3
    assert {"bulk.started", "bulk.finished", "bulk.undo_started", "bulk.undone"} < set(deeds)


def test_tags_are_taken_off_and_given_back(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 4)
    for client in crowd[:3]:
        tags.give_tag(actor=cast.team_lead_1001, client=client, name="重点")
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001), way="take")
    worked(run)
    assert (tagged(), sums(run)[:2]) == (0, (3, 1))
    worked(working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG))
    assert tagged() == 3


def test_a_run_goes_on_where_it_broke(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away in the second chunk: the first stays, the rest is done by the next try, once."""
    make_crowd(units["1001"], 2500)
    calls: list[int] = []
    give = tags.give_to_many

    def breaks(**given: Any) -> list[int]:
        calls.append(len(given["ids"]))
        changed = give(**given)
        if len(calls) == 2:
            raise OperationalError("gone")
        return changed

    monkeypatch.setattr(tags, "give_to_many", breaks)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    with pytest.raises(OperationalError):
        worked(run)
    assert tagged() == 1000
    job = Job.objects.get(pk=run.job_id)
    assert (job.state, job.failures) == ("waiting", 1)
    worked(run)
    assert (calls, tagged(), sums(run)[0]) == ([1000, 1000, 1000, 500], 2500, 2500)


def test_one_bad_row_does_not_stop_the_others(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = make_crowd(units["1001"], 30)[7]
    give = tags.give_to_many

    def breaks(**given: Any) -> list[int]:
        if bad.pk in given["ids"]:
            raise ValueError("this one")
        return give(**given)

    monkeypatch.setattr(tags, "give_to_many", breaks)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    worked(run)
    assert (tagged(), sums(run)[:2]) == (29, (29, 1))
    (failure,) = failures(run, list_sources()["clients"], cast.team_lead_1001)
    assert failure.row == bad.client_no
    worked(working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG))
    assert (tagged(), sums(run)[3]) == (0, 29)


def test_scope_and_right_are_asked_for_again(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 3)
    first, second = (started(cast.team_lead_1001, chosen(cast.team_lead_1001)) for _again in range(2))
    Client.objects.filter(pk=crowd[0].pk).update(branch=units["1002"])
    worked(first)
    assert (tagged(), sums(first)[:2]) == (2, (2, 1))
    (gone,) = failures(first, list_sources()["clients"], cast.team_lead_1001)
    assert gone.row == f"#{crowd[0].pk}"  # its number is nothing for those who may not see it
    Membership.objects.filter(person=cast.team_lead_1001).update(role="agent")
    ClientTag.objects.all().delete()
    worked(second)
    assert (tagged(), sums(second)[:2]) == (0, (0, 3))
    person = Person.objects.get(pk=cast.team_lead_1001.pk)
    worked(working.start_undo(actor=person, run=first, deed=TAG))
    assert sums(first)[3:] == (0, 2)


def test_whoever_left_does_nothing_more(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 3)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    Person.objects.filter(pk=cast.team_lead_1001.pk).update(is_active=False)
    worked(run)
    assert (tagged(), sums(run)[:2]) == (0, (0, 3))


def test_a_cancelled_run_stops_and_can_go_on_or_be_taken_back(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_crowd(units["1001"], 2500)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    give = tags.give_to_many

    def cancels(**given: Any) -> list[int]:
        jobs.cancel(job=Job.objects.get(pk=run.job_id))
        return give(**given)

    monkeypatch.setattr(tags, "give_to_many", cancels)
    job = worked(run)
    assert (job.state, tagged(), sums(run)[2]) == ("cancelled", 1000, 1500)
    assert run.ended_at is None
    assert working.may_undo(run, TAG)
    monkeypatch.setattr(tags, "give_to_many", give)
    run = working.go_on(actor=cast.team_lead_1001, run=run, deed=TAG)
    worked(run)
    assert (tagged(), sums(run)[2]) == (2500, 0)
    with pytest.raises(Conflict):
        working.go_on(actor=cast.team_lead_1001, run=run, deed=TAG)


def test_an_old_job_does_not_touch_a_run_that_another_has(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 3)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    old = run.job
    assert old is not None
    run.job = jobs.start(kind=working.KIND, title="x", owner=cast.team_lead_1001, arguments={"run": run.pk})
    run.save()
    bulk_work(old.pk)
    assert tagged() == 0
    worked(run)
    assert tagged() == 3


def test_a_run_starts_once_and_is_taken_back_once(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 3)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    with pytest.raises(Conflict):
        started(cast.team_lead_1001, run)
    with pytest.raises(Conflict):
        working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG)  # still at work
    worked(run)
    run = working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG)
    with pytest.raises(Conflict):
        working.start_undo(actor=cast.team_lead_1001, run=run, deed=TAG)


def test_drafts_nobody_went_on_with_are_forgotten(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 3)
    old, fresh = chosen(cast.team_lead_1001), chosen(cast.team_lead_1001)
    BulkRun.objects.filter(pk=old.pk).update(created_at="2020-01-01T00:00:00Z")
    assert choosing.forget_drafts() == 1
    assert list(BulkChunk.objects.values_list("run", flat=True)) == [fresh.pk]


# ---- pages


def _choose(browser: Any, deed: str = "tag", **body: Any) -> Any:
    return browser.post(reverse("bulk:choose", args=["clients", deed]), body)


def test_from_the_list_to_the_report(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    crowd = make_crowd(units["1001"], 30)
    tags.give_tag(actor=cast.team_lead_1001, client=crowd[0], name="重点")
    browser = as_person(cast.team_lead_1001)
    page = browser.get(reverse("clients:list")).content.decode()
    assert page.count("data-pick ") == 30
    assert 'formaction="/bulk/of/clients/tag/"' in page
    answer = _choose(browser, everything="1", query="status=normal")
    run = BulkRun.objects.get()
    url = reverse("bulk:run", args=[run.pk])
    assert (answer.status_code, answer.url, run.total) == (302, url, 30)
    draft = browser.get(url).content.decode()
    assert draft.count("<tr><th") == 1 + 10
    assert 'name="start"' not in draft
    assert browser.post(url, {"way": "give", "tag": ""}).status_code == 422
    checked = browser.post(url, {"way": "give", "tag": "重点"}).content.decode()
    assert "已有该标签: 1" in checked
    assert 'name="start"' in checked
    assert browser.post(url, {"way": "give", "tag": "重点", "start": "1"}).status_code == 302
    run.refresh_from_db()
    assert run.job_id
    assert 'hx-trigger="every 2s"' in browser.get(url).content.decode()
    worked(run)
    done = browser.get(url, headers={"HX-Target": "bulk-state"})
    assert "every 2s" not in done.content.decode()
    assert "jobs-changed" in done["HX-Trigger"]
    report = b"".join(browser.get(reverse("bulk:report", args=[run.pk])).streaming_content).decode()
    assert report.splitlines()[1].startswith(f"{crowd[0].client_no},")
    assert browser.post(reverse("bulk:undo", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    worked(run)
    assert tagged() == 1


def test_runs_of_others_are_not_there(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_crowd(units["1001"], 3)
    run = chosen(cast.team_lead_1001)
    url = reverse("bulk:run", args=[run.pk])
    assert as_person(cast.branch_manager_1001).get(url).status_code == 404
    assert _choose(as_person(cast.agent_1001), everything="1").status_code == 403
    leader = as_person(cast.team_lead_1001)
    assert leader.post(reverse("bulk:choose", args=["nothing", "tag"])).status_code == 404
    assert _choose(leader, deed="nothing").status_code == 404
    assert _choose(leader, ids="x,-1,9999999999999999999999,")["Location"].startswith("/clients/")


@pytest.mark.parametrize("rows", [20, 200])
def test_boxes_cost_no_query(
    units: Units, cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any, rows: int
) -> None:
    make_crowd(units["1001"], rows)
    browser = as_person(cast.team_lead_1001)
    with django_assert_max_num_queries(11):
        page = browser.get(reverse("clients:list"), {"size": "200"}).content.decode()
    assert page.count("data-pick ") == rows


def test_tags_stand_in_the_list(
    units: Units, cast: SimpleNamespace, as_person: Speak, django_assert_max_num_queries: Any
) -> None:
    crowd = make_crowd(units["1001"], 40)
    for client in crowd[:30]:
        tags.give_tag(actor=cast.team_lead_1001, client=client, name="重点")
    browser = as_person(cast.team_lead_1001)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("clients:list"), {"col": "tags", "tag": "重点"}).content.decode()
    assert page.count('<td class="hide-small">重点</td>') == 30


# ---- a worker that is killed


CHILD = """
import os, signal, sys
import django
django.setup()
from clients.actions import tags
from core.tasks import bulk_work
give, calls = tags.give_to_many, []
def dies(**given):
    calls.append(1)
    changed = give(**given)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return changed
tags.give_to_many = dies
bulk_work(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_whole_chunks(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 2500)
    run = started(cast.team_lead_1001, chosen(cast.team_lead_1001))
    environment = {
        **os.environ,
        "DATABASE_URL": databases.address(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    died = subprocess.run([sys.executable, "-c", CHILD, str(run.job_id)], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    assert (tagged(), sums(run)[2]) == (1000, 1500)
    Job.objects.filter(pk=run.job_id).update(touched_at="2020-01-01T00:00:00Z")
    worked(run)
    assert (tagged(), sums(run)[:3]) == (2500, (2500, 0, 0))
    assert Tag.objects.count() == 1
