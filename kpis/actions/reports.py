"""Deeds on the client analysis report: drafted, written on, submitted, sent back, released, corrected."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict, Stale
from kpis.actions.cohorts import forget_cohorts, keep_cohorts
from kpis.actions.proposals import open_proposals
from kpis.actions.report_mail import mail_to_subscribers
from kpis.models import Report, ReportSection, ReportText
from kpis.models.reports import MANAGE, SECTIONS
from kpis.queries.report_figures import Gathered, gather
from kpis.queries.report_people import firm_holders
from kpis.reporting.drafts import drafted
from kpis.reporting.facts import unknown
from kpis.rules import Period
from staff.actions.notices import notify
from staff.models import Person

LONGEST_TEXT, LONGEST_REASON = 8_000, 300
KIND = "reports"  # of notices
State = Report.State


class TextMoved(Stale):
    """Somebody else wrote on the section; `newest` is what it says by now."""

    def __init__(self, newest: ReportText) -> None:
        super().__init__(_("Somebody else wrote on this section in the meantime."))
        self.newest = newest


@transaction.atomic
def draft_report(*, actor: audit.Actor, period: Period) -> Report:
    """Makes the month's draft from its figures; the one that is there already stays as it is.

    Raises NoFigures while the month's figures are not there.
    """
    standing = Report.objects.filter(period=period.name).first()
    if standing is not None:
        return standing
    found = gather(period)
    report = Report.objects.create(
        period=period.name, as_of=found.as_of, provisional=found.provisional, figures_at=timezone.now()
    )
    for position, key in enumerate(SECTIONS):
        section = ReportSection.objects.create(
            report=report, key=key, position=position, figures=found.sections[key]
        )
        _write(section, *drafted(key, found.sections[key]["facts"]), None)
    _note(actor, "report.drafted", report, provisional=report.provisional)
    text = gettext_noop("The client analysis report of %(period)s is drafted")
    _tell(report, firm_holders(MANAGE).values_list("pk", flat=True), text)
    return report


@transaction.atomic
def refresh_report(*, actor: audit.Actor, report: Report) -> int:
    """Reads the figures of a draft anew; says how many sections changed.

    A text that nobody has written on is drafted anew; others keep their words, with the new numbers in them.
    """
    held = _held(report, None)
    _wanted(held, State.DRAFT)
    found = gather(held.period_value)
    changed = sum(_refreshed(section, found) for section in held.sections.all())
    held.provisional, held.figures_at = found.provisional, timezone.now()
    held.save(update_fields=["provisional", "figures_at"])
    if changed:
        _note(actor, "report.refreshed", held, sections=changed)
    return changed


@transaction.atomic
def write_section(
    *, actor: Person, section: ReportSection, number: int, text_zh: str, text_en: str
) -> ReportText:
    """The section says this from now on. number: of the text that the writer saw.

    The same words change nothing. Raises ValidationError by field, TextMoved, and Conflict once submitted.
    """
    _wanted(_held(section.report, None), State.DRAFT)
    section.refresh_from_db()
    newest = section.texts.select_related("author").latest("number")
    if section.text_number != number:
        raise TextMoved(newest)
    texts = _checked(section, {"text_zh": text_zh, "text_en": text_en})
    if (newest.text_zh, newest.text_en) == (texts["text_zh"], texts["text_en"]):
        return newest
    made = _write(section, texts["text_zh"], texts["text_en"], actor)
    _note(actor, "report.written", section.report, section=section.key, number=made.number)
    return made


@transaction.atomic
def submit_report(*, actor: Person, report: Report, version: int) -> Report:
    """Freezes figures, texts and the clients of proposals, and asks a second person to release it."""
    held = _held(report, version)
    _wanted(held, State.DRAFT)
    held.state, held.submitted_by, held.submitted_at = State.SUBMITTED, actor, timezone.now()
    held.sent_back_for = ""
    keep_cohorts(held)
    held.save(update_fields=["state", "submitted_by", "submitted_at", "sent_back_for"])
    _note(actor, "report.submitted", held)
    others = firm_holders(MANAGE).exclude(pk=actor.pk).values_list("pk", flat=True)
    _tell(held, others, gettext_noop("The client analysis report of %(period)s waits for release"))
    return held


@transaction.atomic
def send_report_back(*, actor: Person, report: Report, version: int, why: str) -> Report:
    """A submitted report is a draft again, for a reason; who submitted it may take it back so too."""
    reason = _reason(why)
    held = _held(report, version)
    _wanted(held, State.SUBMITTED)
    submitter = held.submitted_by_id
    held.state, held.submitted_by, held.submitted_at = State.DRAFT, None, None
    held.sent_back_for = reason
    forget_cohorts(held)
    held.save(update_fields=["state", "submitted_by", "submitted_at", "sent_back_for"])
    _note(actor, "report.sent_back", held, why=reason)
    if submitter and submitter != actor.pk:
        _tell(held, [submitter], gettext_noop("The client analysis report of %(period)s was sent back"))
    return held


@transaction.atomic
def release_report(*, actor: Person, report: Report, version: int) -> Report:
    """The report is out; only somebody other than who submitted it may (the database holds it too)."""
    held = _held(report, version)
    _wanted(held, State.SUBMITTED)
    if held.submitted_by_id == actor.pk:
        raise Conflict(_("Whoever submitted it cannot release it; a second person has to."), code="four_eyes")
    held.state, held.released_by, held.released_at = State.RELEASED, actor, timezone.now()
    held.save(update_fields=["state", "released_by", "released_at"])
    open_proposals(held)
    mail_to_subscribers(held)
    _note(actor, "report.released", held)
    return held


@transaction.atomic
def correct_report(*, actor: Person, report: Report, version: int, why: str) -> Report:
    """A draft of the next number with the released report's texts and the figures of now, for a reason.

    It goes the way of every draft: submitted by one, released by another. Until then, and after, the released
    one stays as it is. Raises ValidationError, NoFigures, and Conflict where a correction is there already.
    """
    reason = _reason(why)
    held = _unchanged(report, version)
    _wanted(held, State.RELEASED)
    if held.correction is not None:
        raise Conflict(_("A correction of it is there already."), code="corrected")
    found = gather(held.period_value)
    made = Report.objects.create(
        period=held.period, number=held.number + 1, corrects=held, reason=reason, as_of=found.as_of,
        provisional=found.provisional, figures_at=timezone.now(),
    )  # fmt: skip
    for section in held.sections.all():
        _copied(section, made, found.sections[section.key])
    _note(actor, "report.correcting", made, why=reason)
    return made


@transaction.atomic
def drop_correction(*, actor: Person, report: Report, version: int) -> Report:
    """A draft of a correction is given up, with its proposals; returns the report that stands."""
    held = _unchanged(report, version)
    _wanted(held, State.DRAFT)
    if held.corrects is None:
        raise Conflict(_("The report is not in a state for this. Look at it again."))
    _note(actor, "report.correction_dropped", held)
    standing = held.corrects
    held.proposals.all().delete()
    held.delete()
    return standing


def _copied(section: ReportSection, report: Report, figures: dict[str, Any]) -> None:
    """The section with new figures: what somebody wrote stays, other texts are drafted anew."""
    made = ReportSection.objects.create(
        report=report, key=section.key, position=section.position, figures=figures
    )
    text = section.texts.select_related("author").latest("number")
    words = (text.text_zh, text.text_en) if text.author else drafted(section.key, figures["facts"])
    _write(made, *words, text.author)


def _reason(why: str) -> str:
    reason = why.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ValidationError({"why": _("Write 1 to %(most)s characters.") % {"most": LONGEST_REASON}})
    return reason


def _unchanged(report: Report, version: int) -> Report:
    """The report, locked; its version stays, since a released one never changes. Raises Conflict."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.version != version:
        raise Conflict(_("Somebody changed this report in the meantime. Look at it again."))
    return held


def _held(report: Report, version: int | None) -> Report:
    """The report, locked; with a version counted on. Raises Conflict when it is another one by now."""
    if version is None:
        return Report.objects.select_for_update().get(pk=report.pk)
    held = _unchanged(report, version)
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _wanted(report: Report, state: str) -> None:
    if report.state != state:
        raise Conflict(_("The report is not in a state for this. Look at it again."))


def _refreshed(section: ReportSection, found: Gathered) -> bool:
    figures = found.sections[section.key]
    if section.figures == figures:
        return False
    section.figures = figures
    section.save(update_fields=["figures"])
    newest = section.texts.latest("number")
    fresh = drafted(section.key, figures["facts"])
    if newest.author_id is None and (newest.text_zh, newest.text_en) != fresh:
        _write(section, *fresh, None)
    return True


def _write(section: ReportSection, text_zh: str, text_en: str, author: Person | None) -> ReportText:
    number = (section.texts.values_list("number", flat=True).first() or 0) + 1
    made = ReportText.objects.create(
        section=section, number=number, text_zh=text_zh, text_en=text_en, author=author,
        written_at=timezone.now(),
    )  # fmt: skip
    if section.text_number != number:
        section.text_number = number
        section.save(update_fields=["text_number"])
    return made


def _checked(section: ReportSection, told: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept; raises ValidationError by field."""
    texts = {name: text.replace("\0", "").replace("\r\n", "\n").strip() for name, text in told.items()}
    faults: dict[str, str] = {}
    for name, text in texts.items():
        strange = unknown(text, section.figures["facts"])
        if strange:
            faults[name] = _("No such fact in this section: %(names)s.") % {"names": ", ".join(strange)}
        elif len(text) > LONGEST_TEXT:
            faults[name] = _("Write at most %(most)s characters.") % {"most": LONGEST_TEXT}
    if not texts["text_zh"]:
        faults["text_zh"] = _("Write the Chinese text; it is shown where there is no English one.")
    if faults:
        raise ValidationError(faults)
    return texts


def _note(actor: audit.Actor, deed: str, report: Report, **detail: Any) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="report", subject_id=report.pk,
        detail={"period": report.period, "number": report.number, **detail},
    )  # fmt: skip


def _tell(report: Report, people: Any, text: str) -> None:
    notify(
        people=people, kind=KIND, text=text, params={"period": report.period}, url=report.get_absolute_url()
    )
