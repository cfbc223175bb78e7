"""Units of the firm, the people in them, their roles over time, and API clients."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

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

    def held_up(self, session: Mapping[str, Any]) -> str:
        """What this session's person must do before anything else, as the API says it; '' when nothing."""
        came = session.get("sign_in", {})
        if self.must_change_password and came.get("first") != "provider":
            return "password_change_required"
        if not came.get("second") and self.access.needs_second_factor:
            return "second_factor_required"
        return ""

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
