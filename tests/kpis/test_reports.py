"""The client analysis report: drafted from figures, written on, submitted by one, released by another."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from core import audit, jobs
from core.errors import Conflict
from core.models import AuditEntry, Job, Run
from interactions.models import Category, Interaction
from kpis.actions import report_work, reports
from kpis.models import Report, ReportText
from kpis.queries.report_figures import NoFigures
from kpis.queries.report_service import service
from kpis.queries.reports import sections_of
from kpis.rules import parse_period
from kpis.tasks import make_report, tend
from segmentation.models import ScoreClose
from staff.models import Notice
from tests.cast import Speak
from tests.kpis.frozen import seal
from tests.kpis.report_world import AUGUST, LADDER, SEPTEMBER, facts_of, keep_figures, reported, rows, worth
from tests.kpis.world import World, day

MONTH = parse_period("2026-09")
D = Decimal


@pytest.fixture
def firm(world: World) -> World:
    return reported(world)


@pytest.fixture
def report(firm: World) -> Report:
    return reports.draft_report(actor=audit.SYSTEM, period=MONTH)


def test_figures_are_those_of_the_clients_counted_one_by_one(firm: World, report: Report) -> None:
    before = {row["client__client_no"]: row["tier"] for row in rows(AUGUST)}
    now = rows(SEPTEMBER)
    both = [
        (before[row["client__client_no"]], row["tier"]) for row in now if row["client__client_no"] in before
    ]
    step = [LADDER.index(b) - LADDER.index(a) for a, b in both if {a, b} <= set(LADDER)]
    moved = facts_of(report, "migration")
    assert (moved["rose"], moved["fell"], moved["stayed"]) == tuple(
        str(sum(1 for one in step if test(one)))
        for test in (lambda one: one > 0, lambda one: one < 0, lambda one: one == 0)
    )
    assert (moved["into_top"], moved["out_of_top"]) == ("1", "0")
    top = [row for row in now if row["tier"] in LADDER[-2:]]
    segments = facts_of(report, "segments")
    assert segments["top_clients"] == str(len(top))
    assert D(segments["top_of_value"]) == worth(top) / worth(now)
    risky = [row for row in now if "at_risk" in row["flags"]]
    risk = facts_of(report, "at_risk")
    assert (risk["clients"], risk["dormant"], D(risk["contribution"])) == ("3", "2", worth(risky))
    whole = facts_of(report, "movement")
    assert (whole["clients"], whole["clients_change"]) == (str(len(now)), str(len(now) - len(before)))
    assert D(whole["contribution"]) == worth(now)
    assert (whole["lost"], whole["new"]) == ("1", "0")


def test_the_units_are_their_cards(firm: World, report: Report) -> None:
    units = report.sections.get(key="units").figures["units"]
    cards = [firm.card("2026-09", f"{row['kind']}:{row['code']}") for row in units]
    assert [row["clients"] for row in units] == [card.counts["E"] for card in cards]
    assert [row["total"] and D(row["total"]) for row in units] == [card.total for card in cards]
    assert report.provisional


def test_the_frozen_card_goes_before_a_later_revision(firm: World, cast: SimpleNamespace) -> None:
    seal(cast, MONTH.name)
    frozen = firm.card(MONTH.name)
    firm.event("C6", "2026-09-20", "LOST", "CLOSED")
    firm.run(SEPTEMBER)
    newer = firm.card(MONTH.name)
    assert (newer.revision, newer.counts["E"]) == (frozen.revision + 1, frozen.counts["E"] - 1)
    report = reports.draft_report(actor=audit.SYSTEM, period=MONTH)
    units = {row["code"]: row for row in report.sections.get(key="units").figures["units"]}
    assert (units["1001"]["clients"], units["1001"]["final"]) == (frozen.counts["E"], True)
    assert not report.provisional


def test_a_draft_is_made_once_and_in_both_languages(firm: World, cast: SimpleNamespace) -> None:
    Run.objects.update(finished_at=timezone.now())
    job = report_work.ask_for_draft(actor=cast.value_analyst, period=MONTH, title="Draft")
    make_report(job.pk)
    make_report(job.pk)
    tend()
    report = Report.objects.get()
    assert Job.objects.get(pk=job.pk).result == {"url": "/reports/2026-09/"}
    text = ReportText.objects.get(section__report=report, section__key="movement")
    assert "户" in text.text_zh
    assert text.text_en.startswith("- At the end of the month the firm held **{clients}** clients")
    told = Notice.objects.filter(kind="reports").values_list("person__username", flat=True)
    assert set(told) == {"luo.tianyu", "zhu.simin", "ma.wentao"}
    drafted = AuditEntry.objects.get(deed="report.drafted")
    assert (drafted.actor_name, drafted.detail["period"]) == ("luo.tianyu", "2026-09")


def test_a_month_without_figures_is_not_drafted(firm: World) -> None:
    with pytest.raises(NoFigures):
        reports.draft_report(actor=audit.SYSTEM, period=parse_period("2026-10"))
    assert not Report.objects.exists()


def test_new_figures_redraft_what_nobody_wrote_and_fill_what_somebody_did(
    firm: World, report: Report, cast: SimpleNamespace
) -> None:
    risk, moved = (report.sections.get(key=key) for key in ("at_risk", "migration"))
    told = {"text_zh": "风险客户 {clients} 户。", "text_en": "{clients} at risk."}
    reports.write_section(actor=cast.value_analyst, section=risk, number=1, **told)
    ScoreClose.objects.filter(client=firm.clients["C4"], as_of=day(SEPTEMBER)).update(flags=[], tier="V2")
    for table in ("tierfigure", "segmentfigure"):
        _empty(f"segmentation_{table}")
    keep_figures(AUGUST, SEPTEMBER)
    assert reports.refresh_report(actor=cast.value_analyst, report=report) == 3
    risk.refresh_from_db()
    assert (facts_of(report, "at_risk")["clients"], risk.text_number) == ("2", 2)
    assert moved.texts.count() == 1  # the same sentences with other numbers in them
    with override("en"):
        words = {one.key: one.words for one in sections_of(report)}
    assert words["at_risk"] == "2 at risk."
    assert "fell" in words["migration"]


def _empty(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_whoever_writes_later_sees_what_the_other_wrote(report: Report, cast: SimpleNamespace) -> None:
    section = report.sections.get(key="service")
    write = {"section": section, "number": 1, "text_en": ""}
    reports.write_section(actor=cast.value_analyst, text_zh="第一稿", **write)
    with pytest.raises(reports.TextMoved) as moved:
        reports.write_section(actor=cast.value_analyst_2, text_zh="第二稿", **write)
    assert moved.value.newest.text_zh == "第一稿"
    with pytest.raises(ValidationError) as wrong:
        reports.write_section(actor=cast.value_analyst, text_zh="{nothing}", **{**write, "number": 2})
    assert "nothing" in str(wrong.value.message_dict["text_zh"])
    assert [text.number for text in section.texts.all()] == [2, 1]


def test_submitted_it_stands_and_a_second_person_releases_it(report: Report, cast: SimpleNamespace) -> None:
    one, other = cast.value_analyst, cast.value_analyst_2
    section = report.sections.get(key="movement")
    reports.submit_report(actor=one, report=report, version=1)
    with pytest.raises(Conflict):
        reports.write_section(actor=one, section=section, number=1, text_zh="x", text_en="")
    for held in (section, section.texts.get()):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(held).objects.filter(pk=held.pk).update(
                **({"figures": {}} if held is section else {"text_zh": "x"})
            )
    with pytest.raises(Conflict) as refused:
        reports.release_report(actor=one, report=report, version=2)
    assert refused.value.code == "four_eyes"
    reports.send_report_back(actor=other, report=report, version=2, why="请补充投诉情况")
    reports.submit_report(actor=one, report=report, version=3)
    with pytest.raises(Conflict):
        reports.release_report(actor=other, report=report, version=3)
    reports.release_report(actor=other, report=report, version=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(state="draft", released_by=None, released_at=None)
    deeds = AuditEntry.objects.filter(subject_type="report").order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == [
        "report.drafted", "report.submitted", "report.sent_back", "report.submitted", "report.released",
    ]  # fmt: skip


def test_pages(report: Report, cast: SimpleNamespace, as_person: Speak) -> None:
    writer, lead = as_person(cast.value_analyst), as_person(cast.team_lead_hq)
    page = writer.get("/reports/2026-09/").content.decode()
    assert all(f'id="{key}"' in page for key in ("movement", "units", "service"))
    assert as_person(cast.compliance).get("/reports/2026-09/").status_code == 404
    edit = "/reports/2026-09/sections/movement/"
    assert "{clients_change}" in writer.get(edit).content.decode()
    body = {"text_zh": "月末 {clients} 户", "text_en": "", "number": 1}
    assert writer.post(edit, body).status_code == 302
    late = writer.post(edit, body | {"text_zh": "另一稿"})
    assert late.status_code == 409
    assert 'name="number" value="2"' in late.content.decode()
    assert writer.post(edit, body | {"text_zh": "{what}", "number": 2}).status_code == 422
    assert "月末 9 户" in writer.get("/reports/2026-09/").content.decode()
    assert "月末 {clients} 户" in writer.get(f"{edit}texts/").content.decode()
    assert writer.post("/reports/2026-09/deed/submit/", {"version": 1}).status_code == 302
    assert lead.post("/reports/2026-09/deed/send-back/", {"version": 2}).status_code == 422
    assert lead.post("/reports/2026-09/deed/release/", {"version": 2}).status_code == 302
    assert Report.objects.get().state == "released"
    assert as_person(cast.compliance).get("/reports/2026-09/").status_code == 200


def test_the_api_tells_facts_and_texts(report: Report, cast: SimpleNamespace, as_system: Speak) -> None:
    caller = as_system("reports:read", **{"Accept-Language": "en"})
    assert caller.get("/api/v1/client-reports/2026-09/").status_code == 404  # a draft
    Report.objects.update(state="submitted", submitted_by=cast.value_analyst, submitted_at=timezone.now())
    Report.objects.update(state="released", released_by=cast.value_analyst_2, released_at=timezone.now())
    (listed,) = caller.get("/api/v1/client-reports/").json()["results"]
    assert (listed["period"], listed["released_by"]) == ("2026-09", "zhu.simin")
    answer = caller.get("/api/v1/client-reports/2026-09/")
    sections = {section["key"]: section for section in answer.json()["sections"]}
    assert sections["movement"]["facts"]["clients"] == "9"
    assert "**9** clients" in sections["movement"]["text_en"]
    assert answer["ETag"]
    assert (
        as_system("reports:read", at=("1001",), name="b").get("/api/v1/client-reports/").json()["results"]
        == []
    )


def test_service_counts_entries_as_they_stand(firm: World) -> None:
    def entry(channel: str, **more: Any) -> Interaction:
        return Interaction.objects.create(
            client=firm.clients["C1"], channel=channel, direction="in", category=Category.objects.first(),
            started_at=timezone.make_aware(datetime.fromisoformat(more.pop("on", "2026-09-30T23:30"))),
            started_on=day(SEPTEMBER), summary="x", recorded_by="test", minutes=10, **more,
        )  # fmt: skip

    wrong = entry("phone")
    entry("wecom", supersedes=wrong, satisfaction=4)
    entry("wecom", satisfaction=5)
    entry("phone", on="2026-10-01T00:00")
    told = service(MONTH)
    assert told["channels"] == [{"channel": "wecom", "contacts": 2, "before": 0}]
    assert (told["facts"]["contacts"][1], D(told["facts"]["satisfaction"][1])) == ("2", D("4.5"))


def test_jobs_of_others_are_left_alone(firm: World, cast: SimpleNamespace) -> None:
    job = report_work.ask_for_draft(actor=cast.value_analyst, period=MONTH, title="Draft")
    jobs.cancel(job=job)
    make_report(job.pk)
    assert not Report.objects.exists()
