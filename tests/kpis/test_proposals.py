"""Proposals: clients kept at submission, answered by the department, measured on the same clients later."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from kpis.actions import cohorts, proposals, reports
from kpis.models import Proposal, ProposalCohort, ProposalMeasure, Report
from kpis.rules import parse_period
from segmentation.models import ScoreClose
from staff.models import Notice
from tests.cast import Speak
from tests.kpis.report_world import LADDER, PEOPLE, SEPTEMBER, reported
from tests.kpis.world import World, day

OCTOBER = "2026-10-31"
DUE = date(2026, 12, 31)
BELOW = {"HQ": {"1001", "1002"}, "R1": {"1001", "1002"}, "1001": {"1001"}}
# unit, role, tiers, flag
RULES = (
    ("HQ", "research_supervisor", (), ""),
    ("R1", "branch_manager", ("V3", "V4", "V5"), "at_risk"),
    ("1001", "branch_manager", (), "at_risk"),
    ("1001", "team_lead", ("V1", "V2", "V3", "V4", "V5", "NEW"), ""),
)
# tier and contribution in October; who is missing was lost
LATER = {
    "C1": ("V5", 9500), "C2": ("V4", 7000), "C3": ("V3", 6100), "C6": ("V1", 0), "C7": ("V2", 100),
    "C8": ("V3", 2000), "C9": ("V2", 10), "C10": ("V1", 30),
}  # fmt: skip


@pytest.fixture
def firm(world: World, cast: SimpleNamespace) -> World:
    return reported(world)


@pytest.fixture
def report(firm: World) -> Report:
    return reports.draft_report(actor=audit.SYSTEM, period=parse_period("2026-09"))


def propose(report: Report, firm: World, cast: SimpleNamespace, rule: Any = RULES[2]) -> Proposal:
    unit, role, tiers, flag = rule
    told = proposals.Told(
        title=f"{unit} {flag}",
        text="逐户回访",
        unit=firm.units[unit],
        role=role,
        due_on=DUE,
        tiers=tiers,
        flag=flag,
    )
    return proposals.write_proposal(actor=cast.value_analyst, report=report, told=told)


def out(report: Report, cast: SimpleNamespace) -> None:
    """Submitted by one and released by the other."""
    held = reports.submit_report(actor=cast.value_analyst, report=report, version=report.version)
    reports.release_report(actor=cast.value_analyst_2, report=held, version=held.version)


def close_october(firm: World) -> None:
    for no, (tier, worth) in LATER.items():
        firm.tier(no, OCTOBER, tier)
        rows = ScoreClose.objects.filter(client=firm.clients[no], as_of=day(OCTOBER))
        rows.update(contribution_12m=worth, assets_end=500)


def members(rule: Any) -> set[str]:
    unit, _role, tiers, flag = rule
    return {
        no
        for no, (branch, _before, tier, _worth, flags) in PEOPLE.items()
        if tier and branch in BELOW[unit] and (not tiers or tier in tiers) and (not flag or flag in flags)
    }


def expected(proposal: Proposal, rule: Any) -> Iterator[tuple[Any, ...]]:
    """Both sides at both closes, counted client by client."""
    base = {no for no, told in PEOPLE.items() if told[2] and told[0] in BELOW[rule[0]]}
    then = {no: (told[2], told[3], 10_000) for no, told in PEOPLE.items() if told[2]}
    now = {no: (tier, worth, 500) for no, (tier, worth) in LATER.items()}
    for on, found in ((SEPTEMBER, then), (OCTOBER, now)):
        for side, side_of in (("cohort", members(rule)), ("rest", base - members(rule))):
            if side_of:
                held = [no for no in side_of if no in found]
                ranked = [no for no in held if then[no][0] in LADDER and found[no][0] in LADDER]
                step = [LADDER.index(found[no][0]) - LADDER.index(then[no][0]) for no in ranked]
                yield (
                    proposal.pk, day(on), side, len(side_of), len(held), sum(one > 0 for one in step),
                    sum(one < 0 for one in step), Decimal(sum(found[no][1] for no in held)),
                    Decimal(sum(found[no][2] for no in held)),
                )  # fmt: skip


def test_the_same_clients_are_measured_later(report: Report, firm: World, cast: SimpleNamespace) -> None:
    made = [propose(report, firm, cast, rule) for rule in RULES]
    counted = [cohorts.count_cohort(proposal) for proposal in made]
    out(report, cast)
    ids = {no: client.pk for no, client in firm.clients.items()}
    kept = {one.proposal_id: set(one.clients) for one in ProposalCohort.objects.all()}
    assert kept == {one.pk: {ids[no] for no in members(rule)} for one, rule in zip(made, RULES, strict=True)}
    assert counted == [len(kept[one.pk]) for one in made]
    # what happens to tiers and flags at the report's close afterwards is nothing to the kept clients
    ScoreClose.objects.filter(as_of=day(SEPTEMBER)).update(flags=[])
    close_october(firm)
    assert cohorts.measure_due() == len(RULES)
    assert cohorts.measure_due() == 0
    names = ("proposal_id", "as_of", "side", "clients", "held", "rose", "fell", "contribution", "assets")
    rows = set(ProposalMeasure.objects.values_list(*names))
    wanted = [row for one, rule in zip(made, RULES, strict=True) for row in expected(one, rule)]
    assert rows == set(wanted)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalCohort.objects.update(clients=[])


def test_a_draft_again_keeps_no_clients(report: Report, firm: World, cast: SimpleNamespace) -> None:
    proposal = propose(report, firm, cast)
    held = reports.submit_report(actor=cast.value_analyst, report=report, version=1)
    with pytest.raises(Conflict):
        propose(report, firm, cast)
    assert Proposal.objects.get().clients == 2
    reports.send_report_back(actor=cast.value_analyst_2, report=held, version=2, why="重写")
    assert not ProposalCohort.objects.exists()
    assert not ProposalMeasure.objects.exists()
    proposals.drop_proposal(actor=cast.value_analyst, proposal=proposal, version=1)
    assert not Proposal.objects.exists()


def test_the_department_answers(report: Report, firm: World, cast: SimpleNamespace) -> None:
    proposal, lead = propose(report, firm, cast), cast.branch_manager_1001
    assert not Proposal.objects.visible_to(lead).exists()
    out(report, cast)
    assert list(Proposal.objects.visible_to(lead)) == [proposal]
    assert not Proposal.objects.visible_to(cast.branch_manager_1002).exists()
    assert Notice.objects.filter(kind="proposals").get().person == lead
    told: dict[str, Any] = {"proposal": proposal, "version": 1}
    for stranger in (cast.team_lead_1001, cast.team_lead_hq, cast.branch_manager_1002):
        with pytest.raises(PermissionDenied):
            proposals.decline(actor=stranger, why="不", **told)
    with pytest.raises(ValidationError):
        proposals.decline(actor=lead, why=" ", **told)
    with pytest.raises(ValidationError):
        proposals.accept(actor=lead, owner=cast.agent_1002, due_on=DUE, **told)
    soon = timezone.localdate() + timedelta(days=9)
    held = proposals.accept(actor=lead, owner=cast.manager_1001a, due_on=soon, **told)
    assert (held.state, held.owner, held.due_on) == ("accepted", cast.manager_1001a, soon)
    with pytest.raises(Conflict):
        proposals.decline(actor=lead, proposal=proposal, version=held.version, why="晚了")
    done = proposals.finish(actor=cast.manager_1001a, proposal=held, version=held.version, note="已回访 2 户")
    assert (done.state, done.done_by) == ("done", cast.manager_1001a)
    deeds = AuditEntry.objects.filter(subject_type="proposal").order_by("pk").values_list("deed", "chain_id")
    assert list(deeds) == [(f"proposal.{name}", "1001") for name in ("written", "accepted", "done")]


def test_the_database_holds_its_rules(report: Report, firm: World, cast: SimpleNamespace) -> None:
    proposal = propose(report, firm, cast)
    out(report, cast)
    row, now = Proposal.objects.filter(pk=proposal.pk), timezone.now()
    answered = {"answered_by": cast.branch_manager_1001, "answered_at": now}
    for wrong in (
        {"state": "declined", **answered},
        {"state": "accepted", **answered},
        {"state": "declined", "answer": "x", **answered, "answered_by": proposal.proposed_by},
        {"state": "done", "owner": cast.agent_1001, **answered},
        {"state": "accepted"},
        {"clients": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**wrong)


def test_pages(report: Report, firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    writer = as_person(cast.value_analyst)
    new = "/reports/2026-09/proposals/new/"
    assert writer.get(new).status_code == 200
    body = {
        "title": "回访风险客户", "text": "- 逐户 **回访**", "unit": firm.units["1001"].pk,
        "role": "branch_manager", "due_on": DUE.isoformat(), "tiers": ["V3", "V4", "V5"], "flag": "at_risk",
    }  # fmt: skip
    assert writer.post(new, body | {"due_on": "2026-09-01"}).status_code == 422
    assert writer.post(new, body).status_code == 302
    proposal = Proposal.objects.get()
    page = f"/reports/proposals/{proposal.pk}/"
    edited = writer.post(f"{page}edit/", body | {"title": "专项一", "version": 1})
    assert (edited.status_code, Proposal.objects.get().title) == (302, "专项一")
    out(report, cast)
    close_october(firm)
    cohorts.measure_due()
    manager = as_person(cast.branch_manager_1001)
    assert manager.get("/reports/")["Location"] == "/reports/proposals/"
    assert "专项一" in manager.get("/reports/proposals/?state=open").content.decode()
    assert "专项一" not in manager.get("/reports/proposals/?state=done").content.decode()
    text = manager.get(page).content.decode()
    assert "<strong>回访</strong>" in text and "deed/" not in text
    assert "C4" in manager.get(f"{page}clients/").content.decode()
    assert manager.post(f"{page}decline/", {"version": 2}).status_code == 422
    assert manager.post(f"{page}decline/", {"version": 2, "why": "本月已回访"}).status_code == 302
    declined = Proposal.objects.get()
    assert (declined.state, declined.answer) == ("declined", "本月已回访")
    assert "本月已回访" in writer.get(page).content.decode()


def test_the_api_answers(report: Report, firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    proposal = propose(report, firm, cast)
    out(report, cast)
    caller = as_person(cast.branch_manager_1001)
    address = f"/api/v1/report-proposals/{proposal.pk}/"
    (listed,) = caller.get("/api/v1/report-proposals/?state=open").json()["results"]
    assert (listed["unit"], listed["clients"], listed["report"]) == ("1001", 2, "2026-09")
    read = caller.get(address)
    assert {(one["side"], one["clients"]) for one in read.json()["measures"]} == {("cohort", 2), ("rest", 3)}
    send = {"content_type": "application/json", "headers": {"If-Match": read["ETag"]}}
    refused = caller.post(f"{address}accept/", {"owner": "nobody"}, **send)
    assert refused.status_code == 400
    due = (timezone.localdate() + timedelta(days=5)).isoformat()
    answer = caller.post(f"{address}accept/", {"owner": "zhou.min", "due_on": due}, **send)
    assert (answer.status_code, answer.json()["state"], answer.json()["owner"]) == (
        200,
        "accepted",
        "zhou.min",
    )
    assert caller.post(f"{address}done/", {"note": "x"}, **send).status_code == 412
