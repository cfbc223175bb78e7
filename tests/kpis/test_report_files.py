"""A client analysis report as PDF and XLSX, and by mail to those who asked for it."""

from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from core import audit
from core.charts.printing import colours, standalone, swatches, tones
from core.errors import Conflict
from kpis.actions import report_mail, reports
from kpis.exports.reports import report_pdf, report_xlsx
from kpis.models import Report, ReportSubscription
from kpis.queries.reports import sections_of
from kpis.reporting.words import section_titles
from kpis.rules import parse_period
from staff.actions import mailing
from staff.models import NoticeMail, Person
from tests.cast import Speak
from tests.kpis.report_world import reported
from tests.kpis.world import World


@pytest.fixture
def report(world: World, cast: SimpleNamespace) -> Report:
    reported(world)
    return reports.draft_report(actor=audit.SYSTEM, period=parse_period("2026-09"))


def release(report: Report, cast: SimpleNamespace) -> Report:
    held = reports.submit_report(actor=cast.value_analyst, report=report, version=report.version)
    return reports.release_report(actor=cast.value_analyst_2, report=held, version=held.version)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_has_every_section_with_its_facts(report: Report, language: str) -> None:
    with override(language):
        made = PdfReader(BytesIO(report_pdf(report)))
        text = "".join(page.extract_text() for page in made.pages).replace("\n", "")
        assert [words for words in section_titles().values() if words not in text] == []
        for shown in sections_of(report):
            assert all(value in text for _words, value in shown.headlines if value not in ("–", ""))
    assert "{" not in text


def test_the_xlsx_has_exact_facts_and_tables(report: Report) -> None:
    with override("en"):
        book = load_workbook(BytesIO(report_xlsx(report)))
        first = {(row[0], row[1]): row[2] for row in book["Report"].iter_rows(values_only=True, max_col=3)}
        titles = section_titles()
    kept = report.sections.get(key="segments").figures["facts"]["top_of_value"][1]
    assert first[titles["segments"], "Their share of the value"] == pytest.approx(float(kept))
    sheet = list(book["Regions and branches"].iter_rows(values_only=True))
    assert {row[0] for row in sheet[1:]} == {
        row["name"] for row in report.sections.get(key="units").figures["units"]
    }


def test_a_printed_chart_needs_no_style_sheet(report: Report) -> None:
    charts = [chart for shown in sections_of(report) for chart in shown.charts]
    assert charts
    for chart in charts:
        root = ElementTree.fromstring(standalone(chart, 400))
        assert root.get("width") == "400"
        drawn = [one for one in root.iter() if one.tag.endswith(("rect", "line", "path", "circle", "text"))]
        assert all(one.get("fill") or one.get("stroke") for one in drawn)
        assert all(mark["colour"].startswith("#") for mark in swatches(chart))
    assert set(tones().values()) <= set(colours())


def test_a_released_report_goes_to_those_who_asked(
    report: Report, cast: SimpleNamespace, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://crm.example"
    Person.objects.filter(username__in=["luo.tianyu", "yin.suhua"]).update(
        email="x@example.com", language="en"
    )
    for person in (cast.value_analyst, cast.compliance):
        person.refresh_from_db()
        report_mail.subscribe(actor=person, day=None)
    with pytest.raises(Conflict):
        report_mail.subscribe(actor=cast.branch_manager_1001, day=None)
    with pytest.raises(Conflict):
        report_mail.subscribe(actor=cast.team_lead_hq, day=None)
    release(report, cast)
    report_mail.unsubscribe(actor=cast.compliance)
    assert mailing.send_due() == 1
    assert mailing.send_due() == 0
    (sent,) = mail.outbox
    name, content, kind = sent.attachments[0]
    assert (sent.subject, name, kind) == (
        "Client analysis report 2026-09", "client-analysis-2026-09.pdf", "application/pdf",
    )  # fmt: skip
    assert content.startswith(b"%PDF")
    assert "https://crm.example/reports/2026-09/" in sent.body
    assert dict(NoticeMail.objects.values_list("person__username", "state")) == {
        "luo.tianyu": "sent", "yin.suhua": "failed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "now", "due"),
    [
        (None, "2026-11-05T10:00", "2026-11-05T10:00"),
        (5, "2026-11-05T07:59", "2026-11-05T08:00"),
        (5, "2026-11-05T08:01", "2026-12-05T08:00"),
        (28, "2026-12-29T09:00", "2027-01-28T08:00"),
        (1, "2026-12-01T08:00", "2026-12-01T08:00"),
    ],
)
def test_the_day_of_the_month_that_one_chose(day: int | None, now: str, due: str) -> None:
    moments = [timezone.make_aware(datetime.fromisoformat(text)) for text in (now, due)]
    assert report_mail.due_at(day, moments[0]) == moments[1]


def test_one_chooses_on_the_page(report: Report, cast: SimpleNamespace, as_person: Speak) -> None:
    browser, person = as_person(cast.compliance), cast.compliance
    browser.post("/reports/mail/", {"when": "7"})
    assert not ReportSubscription.objects.exists()  # no address
    Person.objects.filter(pk=person.pk).update(email="x@example.com")
    browser.post("/reports/mail/", {"when": "7"})
    assert ReportSubscription.objects.get().day == 7
    assert '<option value="7" selected>' in browser.get("/reports/").content.decode()
    browser.post("/reports/mail/", {"when": "never"})
    assert not ReportSubscription.objects.exists()
