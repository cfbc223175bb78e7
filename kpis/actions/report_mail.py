"""Released reports by mail: who wants them, when each goes, what it says."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from core.mails import Letter
from core.months import add_months
from kpis.exports.reports import file_name, report_pdf
from kpis.models import Report, ReportSubscription
from kpis.models.reports import VIEW
from kpis.queries.report_people import firm_holders
from staff.models import NoticeMail, Person

KIND = "report"  # the first word of a mail's key
HOUR, LAST_DAY = 8, 28
SHANGHAI = ZoneInfo("Asia/Shanghai")


@transaction.atomic
def subscribe(*, actor: Person, day: int | None) -> ReportSubscription:
    """Each report released from now on goes to the person: at once, or on a day of the month (1 to 28)."""
    if not actor.scope_for(VIEW).firm:
        raise Conflict(_("Reports are for those who see the whole firm."), code="not_for_you")
    if not actor.email:
        raise Conflict(_("Your record has no mail address; an administrator enters it."), code="no_address")
    if day is not None and not 1 <= day <= LAST_DAY:
        raise ValidationError({"day": _("A day from 1 to 28.")})
    made, _new = ReportSubscription.objects.update_or_create(person=actor, defaults={"day": day})
    audit.record(
        actor=actor, deed="report.subscribed", subject_type="person", subject_id=actor.pk, detail={"day": day}
    )
    return made


@transaction.atomic
def unsubscribe(*, actor: Person) -> None:
    """No report goes to the person any more; one that waits does not either (letter)."""
    if ReportSubscription.objects.filter(person=actor).delete()[0]:
        audit.record(actor=actor, deed="report.unsubscribed", subject_type="person", subject_id=actor.pk)


def mail_to_subscribers(report: Report) -> int:
    """With the release, in its transaction: a mail that waits for each subscriber; how many.

    A correction waits for nobody's day of the month: they may have read what it corrects.
    """
    now = timezone.now()
    wanted = ReportSubscription.objects.filter(person__in=firm_holders(VIEW)).exclude(person__email="")
    rows = [
        NoticeMail(
            person_id=one.person_id,
            key=f"{KIND}:{report.pk}:{one.person_id}",
            due_at=due_at(None if report.corrects_id else one.day, now),
        )
        for one in wanted
    ]
    return len(NoticeMail.objects.bulk_create(rows, ignore_conflicts=True))


def due_at(day: int | None, now: datetime) -> datetime:
    """When a report released now goes to somebody who asked for this day of the month (None: at once)."""
    if day is None:
        return now
    local = now.astimezone(SHANGHAI)
    chosen = datetime.combine(local.date().replace(day=day), time(HOUR), SHANGHAI)
    if chosen >= local:
        return chosen
    return datetime.combine(add_months(chosen.date(), 1), time(HOUR), SHANGHAI)


def letter(person: Person, key: str) -> Letter | None:
    """The mail with the report as PDF; None for those who may not read it, or do not want it, any more.

    None also for a report that has been corrected before its mail went: the correction's goes.
    """
    if not ReportSubscription.objects.filter(person=person).exists():
        return None
    report = Report.objects.visible_to(person).filter(pk=int(key.split(":")[1])).first()
    if report is None or report.taken_over_by is not None:
        return None
    words = {"period": report.period, "number": report.number, "why": report.reason}
    lines = [
        _("Hello, %(name)s") % {"name": person.name},
        "",
        _said(report) % words,
        f"{settings.PUBLIC_URL}{report.get_absolute_url()}",
        "",
        _("You asked for it: %(url)s") % {"url": f"{settings.PUBLIC_URL}/reports/"},
    ]
    pdf = (file_name(report, "pdf"), report_pdf(report), "application/pdf")
    title = _("Correction of the client analysis report %(period)s, version %(number)s")
    title = title if report.corrects_id else _("Client analysis report %(period)s")
    return Letter(title % words, "\n".join(lines), [pdf])


def _said(report: Report) -> str:
    """What the mail says of the report, before its words are put in."""
    if report.corrects_id is None:
        return _("The client analysis report of %(period)s is released; it is attached.")
    return _(
        "The client analysis report of %(period)s was corrected: %(why)s. Version %(number)s is attached; "
        "it stands in the place of the one before, which stays readable."
    )
