"""Columns and filters of the lists of people and of the audit trail."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter
from core.models import AuditEntry
from staff.forms import DateInput
from staff.models import Notice, Person, Unit
from staff.roles import Role


class PeopleFilters(ListFilters):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    role = django_filters.ChoiceFilter(choices=Role.choices, method="of_role", label=_("Role"))
    unit = NamedChoiceFilter(
        queryset=lambda request: Unit.objects.visible_to(request.user),
        to_field_name="code",
        method="at_unit",
        label=_("Unit"),
    )
    is_active = django_filters.BooleanFilter(label=_("May sign in"))

    class Meta:
        model = Person
        fields: list[str] = []

    def search(self, people: QuerySet[Person], _name: str, text: str) -> QuerySet[Person]:
        return people.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(employee_no__iexact=text)
        )

    def of_role(self, people: QuerySet[Person], _name: str, role: str) -> QuerySet[Person]:
        return people.filter(Q(pk__in=Person.objects.filter(memberships__role=role).values("pk")))

    def at_unit(self, people: QuerySet[Person], _name: str, unit: Unit) -> QuerySet[Person]:
        return people.filter(Q(pk__in=Person.objects.filter(memberships__unit=unit).values("pk")))


def _roles(person: Person) -> str:
    return ", ".join(f"{held.get_role_display()} · {held.unit.name}" for held in person.roles_now)  # type: ignore[attr-defined]


class PeopleList(ListPage):
    """People with the roles they have today (prefetched as `roles_now`)."""

    name = "people"
    caption = _("People")
    filterset = PeopleFilters
    default_sort = "name"
    columns = (
        Column(
            "name",
            _("Name"),
            sort="name",
            fixed=True,
            link=lambda row: reverse("staff:person", args=[row.pk]),
        ),
        Column("username", _("User name"), sort="username"),
        Column("employee_no", _("Employee number"), sort="employee_no", small=False),
        Column("roles", _("Roles today"), value=_roles),
        Column("is_active", _("May sign in"), kind="yes_no"),
        Column("last_login", _("Last sign-in"), kind="moment", sort="last_login", descends=True, small=False),
    )


class AuditFilters(ListFilters):
    deed = django_filters.CharFilter(lookup_expr="startswith", label=_("Deed"))
    actor_name = django_filters.CharFilter(label=_("Who (user name)"))
    subject_type = django_filters.CharFilter(label=_("Kind of subject"))
    subject_id = django_filters.CharFilter(label=_("About"))
    since = django_filters.DateFilter(method="from_day", label=_("From"), widget=DateInput)
    until = django_filters.DateFilter(method="to_day", label=_("To"), widget=DateInput)

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def from_day(self, entries: QuerySet[AuditEntry], _name: str, day: date) -> QuerySet[AuditEntry]:
        return entries.filter(at__gte=_midnight(day))

    def to_day(self, entries: QuerySet[AuditEntry], _name: str, day: date) -> QuerySet[AuditEntry]:
        return entries.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    """The day's begin in Shanghai, comparable with the index on the moment."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _detail(entry: AuditEntry) -> str:
    return "; ".join(f"{name}: {value}" for name, value in entry.detail.items())


def _subject(entry: AuditEntry) -> str:
    return f"{entry.subject_type} {entry.subject_id}"


class AuditList(ListPage):
    """The audit trail, newest first."""

    name = "audit"
    caption = _("Audit trail")
    filterset = AuditFilters
    default_sort = "-at"
    count_cap = 1000
    columns: Any = (
        Column("at", _("When"), kind="moment", sort="at", descends=True, fixed=True),
        Column("actor_name", _("Who")),
        Column("deed", _("Deed")),
        Column("subject", _("About"), value=_subject),
        Column("unit", _("Chain"), value="chain_id", small=False),
        Column("position", _("Position"), kind="number", small=False),
        Column("detail", _("Detail"), value=_detail, small=False),
        Column("hash", _("Hash"), shown=False, small=False),
    )


class NoticeFilters(ListFilters):
    unread = django_filters.ChoiceFilter(
        method="of_unread", choices=[("yes", _("Yes")), ("no", _("No"))], label=_("Unread")
    )

    def of_unread(self, notices: QuerySet[Notice], _name: str, unread: str) -> QuerySet[Notice]:
        return notices.filter(read_at__isnull=unread == "yes")


def _notice(notice: Notice) -> SafeString:
    mark = "" if notice.read_at else format_html(' <span class="badge info">{}</span>', gettext("New"))
    target, follow = notice.url or reverse("notices:list"), reverse("notices:follow", args=[notice.pk])
    words = '<a href="{}" class="clip" hx-post="{}" hx-swap="none">{}</a>{}'
    return format_html(words, target, follow, notice.words, mark)


class NoticeList(ListPage):
    name = "notices"
    caption = _("Notices")
    filterset = NoticeFilters
    default_sort = "-at"
    empty_words = _("Nothing to tell you")
    empty_advice = _("Here stands what other people and the clock want you to know.")
    empty_icon = "bell"
    columns = (
        Column("text", _("Notices"), value=_notice, kind="html", fixed=True),
        Column("at", _("When"), kind="moment", sort="id", fixed=True, descends=True),
        Column("read_at", _("Read"), kind="moment", small=False),
    )
