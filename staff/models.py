"""Units of the firm, the people in them, their roles over time, and API clients."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from core.registry import notice_kinds
from staff.roles import Role
from staff.scope import Scope

if TYPE_CHECKING:
    from staff.principals import ApiPrincipal
    from staff.reach import Access


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: Any) -> "UnitQuerySet":
        """Units inside whatever the person or API client has a role at."""
        reach = user.reach
        return self if reach.firm else self.filter(pk__in=reach.unit_ids)


class Unit(models.Model):
    """A node of hq > region > branch > team, with its newest values; UnitRecord keeps what was told when."""

    class Kind(models.TextChoices):
        HQ = "hq", _("Headquarters")
        REGION = "region", _("Region")
        BRANCH = "branch", _("Branch")
        TEAM = "team", _("Team")

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="unit_closed_after_open",
            )
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def may_hold(self, kind: str) -> bool:
        """Whether a unit of this kind belongs directly under this one."""
        levels = list(Unit.Kind.values)
        if kind == Unit.Kind.TEAM:
            return self.kind != Unit.Kind.TEAM
        return levels.index(self.kind) == levels.index(kind) - 1


class UnitRecord(models.Model):
    """What a feed told of a unit on a trade date (the highest version of the day); as of D: told_on <= D."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="records")
    told_on = models.DateField()
    told_version = models.IntegerField(default=1)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Unit.Kind.choices)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "told_on"], name="unit_record_once_a_day")]


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> "PersonQuerySet":
        """People with a role at a unit where the user may look at people."""
        from staff.reach import members

        return self.filter(members(user.scope_for("people.view"))) if user.may("people.view") else self.none()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):  # type: ignore[django-manager-missing]  # the library names ApiClient.user backwards
    """Someone who signs in. `employee_no` is the manager_no of the feeds when the person manages clients."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    employee_no = models.CharField(max_length=20, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(
        max_length=5,
        default="auto",
        choices=[("auto", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "employee_no"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name

    @cached_property
    def access(self) -> "Access":
        """Today's memberships and what follows from them; read once a request."""
        from staff.reach import Access

        return Access(self)

    @cached_property
    def scope(self) -> Scope:
        """The clients that today's memberships let this person see, and all rights."""
        return self.access.scope()

    @cached_property
    def reach(self) -> Scope:
        """The units that the person has any role at or above."""
        return self.access.reach()

    def scope_for(self, right: str) -> Scope:
        """Where the person holds this right; empty without it."""
        return self.access.scope(right)

    def may(self, right: str) -> bool:
        return right in self.access.rights

    @property
    def role_line(self) -> str:
        """Role and unit as the pages show them under the name."""
        places = [f"{member.get_role_display()} · {member.unit.name}" for member in self.access.memberships]
        return ", ".join(places[:2])

    @property
    def actor_kind(self) -> str:
        return "person"

    @property
    def actor_id(self) -> int | None:
        return self.pk

    @property
    def actor_name(self) -> str:
        return self.username


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date) -> "MembershipQuerySet":
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gt=on), from_date__lte=on)


class Membership(models.Model):
    """A person's role at a unit from a date (inclusive) to a date (exclusive); rights reach down the tree."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "role", "from_date"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gt=F("from_date")),
                name="membership_ends_after_start",
            ),
        ]

    def in_force(self, on: date) -> bool:
        return self.from_date <= on and (self.to_date is None or on < self.to_date)


class ApiClient(AbstractApplication):
    """Another system: OAuth2 client credentials, bound to scopes and units."""

    scopes = models.JSONField(default=list)
    units = models.ManyToManyField(Unit, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def principal(self, token_scopes: frozenset[str]) -> "ApiPrincipal":
        """The caller behind a token: never more than what the client holds now."""
        from staff.principals import ApiPrincipal

        return ApiPrincipal(client=self, scopes=token_scopes & frozenset(self.scopes))


class NoticeMail(models.Model):
    """One mail with notices for one person, from the moment it is due; sent once (staff.actions.mailing).

    key: what makes it unique, such as "daily:7:2026-11-30"; the mail's Message-ID is made of it, so that one
    sent twice by a worker that died in between is one mail to whoever receives it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notice_mail_sent_when",
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="notice_mail_due", condition=Q(state="waiting"))
        ]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """One's own that are shown; other systems have none."""
        return (
            self.filter(person_id=user.actor_id, shown=True) if user.actor_kind == "person" else self.none()
        )


class Notice(models.Model):
    """Something a person is told. text is an English msgid; params fill it when it is shown. A param called
    <name>_msgid fills the place <name> with its own translation.

    key: told once for each person and key ('' tells every time). shown: whether it appears on pages; mail:
    how it goes by mail; both as the person had it set when it was told.
    """

    class Mail(models.TextChoices):
        NONE = "none", _("No mail")
        DAILY = "daily", _("Daily digest")
        AT_ONCE = "at_once", _("At once")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.NONE)
    mailed_in = models.ForeignKey(
        NoticeMail, on_delete=models.SET_NULL, null=True, related_name="notices", db_index=False
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notice_once", condition=~Q(key="")),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(
                fields=["person"], name="notice_unread", condition=Q(read_at__isnull=True, shown=True)
            ),
            models.Index(
                fields=["mail", "person"],
                name="notice_to_mail",
                condition=Q(mailed_in__isnull=True) & ~Q(mail="none"),
            ),
            models.Index(fields=["mailed_in"], name="notice_of_mail", condition=Q(mailed_in__isnull=False)),
            models.Index(fields=["at"], name="notice_at"),
        ]

    @property
    def words(self) -> str:
        """In the reader's language."""
        return gettext(self.text) % filled(self.params)


def filled(params: Mapping[str, Any]) -> dict[str, Any]:
    """What fills a notice's places, in the reader's language."""
    translated = {
        name.removesuffix("_msgid"): gettext(value)
        for name, value in params.items()
        if name.endswith("_msgid") and value
    }
    return {**params, **translated}


class NoticeSetting(models.Model):
    """How a person wants to be told of a kind of notices; without a row as settings say, and on pages."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Notice.Mail.choices, default=Notice.Mail.DAILY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notice_setting_once")]

    @property
    def words(self) -> str:
        """What the kind tells, in the reader's language."""
        return gettext(notice_kinds().get(self.kind, self.kind))
