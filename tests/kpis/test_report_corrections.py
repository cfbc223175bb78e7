"""A released report is corrected by a further one, of two persons as well; the first stays readable."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from kpis.actions import report_mail, reports
from kpis.exports.reports import correction_notes
from kpis.models import Proposal, Report, ReportSection
from kpis.queries import reports as queries
from kpis.rules import parse_period
from segmentation.models import ScoreClose
from staff.actions import mailing
from staff.models import NoticeMail, Person
from tests.cast import Speak
from tests.kpis.report_world import AUGUST, SEPTEMBER, facts_of, keep_figures, reported
from tests.kpis.test_pages import text
from tests.kpis.test_proposals import propose
from tests.kpis.test_reports import _empty
from tests.kpis.world import World, day

WHY = "两名客户的风险标志有误"
WRITTEN = {"text_zh": "风险客户 {clients} 户。", "text_en": "{clients} at risk."}


@pytest.fixture
def out(world: World, cast: SimpleNamespace) -> Report:
    """September's report, with a text of somebody's own and a proposal, released; its figures were wrong."""
    reported(world)
    report = reports.draft_report(actor=audit.SYSTEM, period=parse_period("2026-09"))
    section = report.sections.get(key="at_risk")
    reports.write_section(actor=cast.value_analyst, section=section, number=1, **WRITTEN)
    report = released(report, cast)
    ScoreClose.objects.filter(client=world.clients["C4"], as_of=day(SEPTEMBER)).update(flags=[])
    for table in ("tierfigure", "segmentfigure"):
        _empty(f"segmentation_{table}")
    keep_figures(AUGUST, SEPTEMBER)
    return report


def released(report: Report, cast: SimpleNamespace) -> Report:
    held = reports.submit_report(actor=cast.value_analyst, report=report, version=report.version)
    return reports.release_report(actor=cast.value_analyst_2, report=held, version=held.version)


def corrected(out: Report, cast: SimpleNamespace, **more: Any) -> Report:
    given = {"actor": cast.value_analyst, "report": out, "version": out.version, "why": WHY}
    return reports.correct_report(**given | more)


def rows(report: Report) -> list[Any]:
    """All that a report says."""
    sections = ReportSection.objects.filter(report=report).order_by("position")
    return [
        *Report.objects.filter(pk=report.pk).values(),
        *sections.values(),
        *sections.values("texts__text_zh"),
    ]


def test_a_correction_is_a_draft_of_the_next_number(out: Report, cast: SimpleNamespace) -> None:
    before = rows(out)
    made = corrected(out, cast)
    assert (made.number, made.corrects, made.state, made.reason) == (2, out, "draft", WHY)
    assert [facts_of(one, "at_risk")["clients"] for one in (out, made)] == ["3", "2"]
    with override("en"):
        words = {one.key: one.words for one in queries.sections_of(made)}
    assert words["at_risk"] == "2 at risk."  # somebody's own words, with the figures of now
    assert "clients" in words["movement"]
    reader, writer = cast.compliance, cast.value_analyst_2
    assert [queries.in_sight(person, "2026-09") for person in (reader, writer)] == [out, made]
    made = released(made, cast)
    assert queries.in_sight(reader, "2026-09") == made
    assert queries.in_sight(reader, "2026-09", 1) == out
    with override("en"):
        assert correction_notes(out.__class__.objects.get(pk=out.pk)) == [f"Corrected by version 2: {WHY}"]
        assert correction_notes(made) == [f"Version 2 corrects version 1: {WHY}"]
    assert rows(out) == before
    third = corrected(made, cast)
    assert (third.number, third.corrects) == (3, made)
    deeds = AuditEntry.objects.filter(subject_type="report", subject_id=made.pk).order_by("pk")
    assert list(deeds.values_list("deed", "detail__number")) == [
        (f"report.{deed}", 2) for deed in ("correcting", "submitted", "released")
    ]


def test_what_cannot_be_corrected(out: Report, cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        corrected(out, cast, why=" ")
    with pytest.raises(Conflict):
        corrected(out, cast, version=out.version + 1)
    made = corrected(out, cast)
    with pytest.raises(Conflict) as again:
        corrected(out, cast)
    assert again.value.code == "corrected"
    with pytest.raises(Conflict):
        corrected(made, cast)  # a draft is written on
    with pytest.raises(Conflict):
        reports.drop_correction(actor=cast.value_analyst, report=out, version=out.version)
    held = reports.submit_report(actor=cast.value_analyst, report=made, version=made.version)
    with pytest.raises(Conflict) as alone:
        reports.release_report(actor=cast.value_analyst, report=held, version=held.version)
    assert alone.value.code == "four_eyes"


def test_a_correction_is_given_up(out: Report, cast: SimpleNamespace, world: World) -> None:
    made = corrected(out, cast)
    propose(made, world, cast)
    assert reports.drop_correction(actor=cast.value_analyst_2, report=made, version=made.version) == out
    assert list(Report.objects.all()) == [out] and not Proposal.objects.exists()
    assert corrected(out, cast).number == 2


def test_the_database_holds_who_corrects_whom(out: Report, cast: SimpleNamespace) -> None:
    made = corrected(out, cast)
    plain = {"as_of": out.as_of, "provisional": False, "figures_at": out.figures_at}
    bad: list[dict[str, Any]] = [
        {"period": "2026-09", "number": 1},  # there is one
        {"period": "2026-09", "number": 3, "corrects": made, "reason": "x"},  # not released
        {"period": "2026-08", "number": 2, "corrects": out, "reason": "x"},  # another month, and twice
        {"period": "2026-09", "number": 3, "reason": "x"},
        {"period": "2026-08", "number": 1, "reason": "x"},
    ]
    for fields in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(**plain, **fields)
    for changed in ({"reason": ""}, {"number": 4}, {"corrects": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=made.pk).update(**changed)
    made.sections.all().delete()
    made.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=out.pk)._raw_delete("default")


def test_subscribers_get_the_correction_at_once(out: Report, cast: SimpleNamespace, settings: Any) -> None:
    settings.PUBLIC_URL = "https://crm.example"
    Person.objects.filter(pk=cast.compliance.pk).update(email="x@example.com", language="en")
    cast.compliance.refresh_from_db()
    report_mail.subscribe(actor=cast.compliance, day=28)
    report_mail.mail_to_subscribers(out)  # waits for the 28th
    made = released(corrected(out, cast), cast)
    NoticeMail.objects.update(due_at=made.released_at)
    assert mailing.send_due() == 1  # what has been corrected meanwhile is not sent any more
    (sent,) = mail.outbox
    assert sent.subject == "Correction of the client analysis report 2026-09, version 2"
    assert WHY in sent.body and "https://crm.example/reports/2026-09/" in sent.body
    assert sent.attachments[0][0] == "client-analysis-2026-09-v2.pdf"


def test_pages_and_rest(out: Report, cast: SimpleNamespace, as_person: Speak, as_system: Speak) -> None:
    writer, second, reader = map(as_person, (cast.value_analyst, cast.value_analyst_2, cast.compliance))
    page = "/reports/2026-09/"
    assert f"{page}deed/correct/" in text(writer, page) and f"{page}deed/correct/" not in text(reader, page)
    told = {"version": out.version, "why": WHY}
    assert reader.post(f"{page}deed/correct/", told).status_code == 403
    assert writer.post(f"{page}deed/correct/", told | {"why": ""}).status_code == 422
    assert writer.post(f"{page}deed/correct/", told)["Location"] == page
    draft = text(writer, page)
    assert WHY in draft and f"{page}deed/drop/" in draft and f"{page}?number=1" in draft
    assert WHY not in text(reader, page)
    assert reader.get(f"{page}?number=2").status_code == 404
    writer.post(f"{page}deed/submit/", {"version": 1})
    second.post(f"{page}deed/release/", {"version": 2})
    assert WHY in text(reader, page) and f"{page}?number=2" in text(reader, f"{page}?number=1")
    assert f"{page}?number=1" in text(reader, "/reports/")
    for ending in ("pdf", "xlsx"):
        names = [reader.get(f"{page}{ending}/{query}")["Content-Disposition"] for query in ("", "?number=1")]
        assert [name.split('"')[1] for name in names] == [
            f"client-analysis-2026-09-v2.{ending}", f"client-analysis-2026-09.{ending}",
        ]  # fmt: skip
    system, base = as_system("reports:read"), "/api/v1/client-reports/"
    listed = system.get(base).json()["results"]
    assert [(one["number"], one["corrects"], one["corrected_by"], one["reason"]) for one in listed] == [
        (2, 1, None, WHY), (1, None, 2, ""),
    ]  # fmt: skip
    first, newest = system.get(f"{base}2026-09/?number=1"), system.get(f"{base}2026-09/")
    assert (first.json()["number"], newest.json()["number"]) == (1, 2) and first["ETag"] != newest["ETag"]
    assert system.get(f"{base}2026-09/?number=x").status_code == 404
