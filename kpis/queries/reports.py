"""Reads of client analysis reports that page, files and API share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.safestring import SafeString

from core.charts import Chart
from core.runs import last_finished
from knowledge.markup import rendered
from kpis.models import Proposal, Report, ReportSection, ReportSubscription, ReportText, Scorecard, UnitType
from kpis.reporting.facts import filled, shown
from kpis.reporting.pictures import charts_of
from kpis.reporting.words import HEADLINES, fact_words, section_titles
from kpis.rules import Period
from kpis.rules.periods import MONTH, period_of
from staff.models import Person


@dataclass(frozen=True)
class Shown:
    """A section as a page shows it."""

    section: ReportSection
    text: ReportText
    title: str
    headlines: list[tuple[str, str]]
    charts: list[Chart]

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def words(self) -> str:
        """The text in the reader's language, its facts filled in."""
        return filled(self.text.words, self.section.figures["facts"])

    @property
    def html(self) -> SafeString:
        return rendered(self.words)


def listed(user: Any) -> QuerySet[Report]:
    """The reports in sight, newest first, a correction before what it corrects."""
    people = ("submitted_by", "released_by", "corrects", "corrected_by")
    return Report.objects.visible_to(user).select_related(*people)


def in_sight(user: Any, period: str, number: int = 0) -> Report:
    """A month's report: of a number, else the newest in sight; or 404."""
    rows = listed(user).filter(period=period)
    found = rows.filter(number=number).first() if number else rows.first()
    if found is None:
        raise Http404
    return found


def sections_of(report: Report) -> list[Shown]:
    """Its sections in their order, each with its newest text."""
    sections = list(report.sections.all())
    texts = {text.section_id: text for text in newest_texts(sections)}
    return [shown_section(section, texts[section.pk]) for section in sections]


def newest_texts(sections: list[ReportSection]) -> list[ReportText]:
    """The newest text of each of these sections, in one query."""
    rows = ReportText.objects.filter(section__in=sections).select_related("author")
    return list(rows.order_by("section_id", "-number").distinct("section_id"))


def proposals_of(report: Report) -> list[Proposal]:
    """The report's proposals, and those of what it corrects, in the order they were written."""
    rows = Proposal.objects.filter(report__period=report.period, report__number__lte=report.number)
    return list(rows.select_related("report", "unit", "owner"))


def shown_section(section: ReportSection, text: ReportText) -> Shown:
    facts, words = shown(section.figures["facts"]), fact_words(section.key)
    headlines = [(words[name], facts[name]) for name in HEADLINES[section.key]]
    title = section_titles()[section.key]
    return Shown(section, text, title, headlines, charts_of(section.key, section.figures))


def facts_to_name(section: ReportSection) -> list[tuple[str, str, str]]:
    """What the writer may name: the name, what it is, how it reads now."""
    words = fact_words(section.key)
    return [(f"{{{name}}}", words[name], value) for name, value in shown(section.figures["facts"]).items()]


def newer_figures(report: Report) -> bool:
    """Whether a night ended after a draft's figures were read."""
    run = last_finished()
    finished = run.finished_at if run else None
    return report.is_draft and finished is not None and finished > report.figures_at


def subscription_of(person: Person) -> ReportSubscription | None:
    """How the person gets released reports by mail."""
    return ReportSubscription.objects.filter(person=person).first()


def months_to_draft() -> list[Period]:
    """Months that are over and have cards but no report, newest first."""
    run = last_finished()
    if run is None:
        return []
    done = Report.objects.values("period")
    rows = Scorecard.objects.filter(
        period_type=MONTH, unit_type=UnitType.FIRM, current=True, end__lte=run.as_of
    ).exclude(period__in=done)
    starts = rows.order_by("-start").values_list("start", flat=True)[:13]
    return [period_of(start, MONTH) for start in starts]
