"""The client record, its accounts, what was told of it when, and where it stands."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.models import Unit
from staff.scope import Scope

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(9999, 12, 31)
SEARCHED = ("id", "pinyin", "initials", "merged_into")
NEEDS_CARE = Q(merged_into__isnull=True) & ~Q(status__in=["closed", "deceased"])


class ScopedQuerySet(models.QuerySet):
    """Narrows rows to what somebody may see; `scope_prefix` leads from the row to its client."""

    scope_prefix = ""

    def visible_to(self, user: Any) -> "ScopedQuerySet":
        """Rows of the clients that this person or API client may see."""
        return self.in_scope(user.scope)

    def in_scope(self, scope: Scope) -> "ScopedQuerySet":
        if not scope.clients:
            return self.none()
        if scope.firm:
            return self
        prefix = self.scope_prefix
        return self.filter(
            Q(**{f"{prefix}branch_id__in": scope.branch_ids})
            | Q(**{f"{prefix}manager_no__in": scope.manager_nos - {""}})
        )


class ClientRowsQuerySet(ScopedQuerySet):
    """For tables whose rows belong to a client."""

    scope_prefix = "client__"


class Client(models.Model):  # type: ignore[django-manager-missing]  # pghistory makes the model behind `changes`
    """One legal client, however many fund accounts it has; the newest values the feeds or people gave.

    Personal numbers are sealed (core.crypto) under the context `client:<client_no>:<field>`; the blind
    indexes beside them serve equality search. History by day is in ClientRecord. What the feeds tell belongs
    to them; people keep short_name, occupation, remark and declared_outside_assets by hand, and everything
    of a prospect (docs/decisions/0030). merged_into: the record that speaks for this one (0031).
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual")
        INSTITUTION = "institution", _("Institution")
        PRODUCT = "product", _("Product")

    class Status(models.TextChoices):
        NORMAL = "normal", _("Normal")
        FROZEN = "frozen", _("Frozen")
        LOSS_REPORTED = "loss_reported", _("Loss reported")
        DORMANT = "dormant", _("Dormant")
        CLOSED = "closed", _("Closed")
        DECEASED = "deceased", _("Deceased")
        PROSPECT = "prospect", _("Prospect")  # no account yet; the feeds know no such status

    class IdType(models.TextChoices):
        RESIDENT_ID = "resident_id", _("Resident ID")
        USCC = "uscc", _("Unified social credit code")
        PASSPORT = "passport", _("Passport")
        HK_MACAO = "hk_macao", _("Hong Kong and Macao permit")
        TAIWAN = "taiwan", _("Taiwan permit")
        OTHER = "other", _("Other document")

    client_no = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=100, blank=True)
    id_type = models.CharField(max_length=12, choices=IdType.choices)
    id_number = models.BinaryField(null=True)
    id_index = models.BinaryField(null=True)  # of id_type and the trimmed upper-case number (F21)
    id_expires_on = models.DateField(null=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    mobile = models.BinaryField(null=True)
    mobile_index = models.BinaryField(null=True)
    mobile_tail_index = models.BinaryField(null=True)  # of the last four digits
    email = models.BinaryField(null=True)
    email_index = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    address_index = models.BinaryField(null=True)  # tells that an address changed
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=15, choices=Status.choices)
    opened_on = models.DateField(null=True)  # null only for prospects
    closed_on = models.DateField(null=True)
    callback_passed_on = models.DateField(null=True)
    risk_level = models.CharField(max_length=10, blank=True)
    risk_assessed_on = models.DateField(null=True)
    investor_class = models.CharField(max_length=15, blank=True)
    declared_outside_assets = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    short_name = models.CharField(max_length=60, blank=True, db_default="")  # what people call a company
    occupation = models.CharField(max_length=60, blank=True, db_default="")
    remark = models.CharField(max_length=500, blank=True, db_default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    told_on = models.DateField()  # trade date of the newest feed row; FIRST_DAY for prospects
    told_version = models.IntegerField(default=1)
    version = models.IntegerField(default=1)  # for edit conflicts
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False)
                | Q(status="deceased")
                | (~Q(status__in=["closed", "deceased"]) & Q(closed_on__isnull=True)),
                name="client_closed_status_and_date",
            ),
            models.CheckConstraint(
                condition=Q(status="prospect", opened_on__isnull=True)
                | (~Q(status="prospect") & Q(opened_on__isnull=False)),
                name="client_opened_unless_prospect",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="client_not_into_itself"
            ),
        ]
        indexes = [
            # lists of a branch's or manager's clients, and the search among all of them without the rows
            models.Index(fields=["branch", "client_no"], include=SEARCHED, name="client_of_branch"),
            models.Index(fields=["manager_no", "client_no"], include=SEARCHED, name="client_of_manager"),
            # prefix search whatever the database's collation
            models.Index(fields=["pinyin"], name="client_pinyin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["initials"], name="client_initials", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["name"], name="client_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["id_index"], name="client_id_index"),
            models.Index(fields=["mobile_index"], name="client_mobile_index"),
            models.Index(
                fields=["email_index"], name="client_email_index", condition=Q(email_index__isnull=False)
            ),
            models.Index(fields=["mobile_tail_index"], name="client_mobile_tail"),
            models.Index(fields=["short_name"], name="client_short_name", condition=~Q(short_name="")),
            # worklists of what is missing or has run out, over the whole firm
            models.Index(fields=["id_expires_on", "id"], name="client_id_expiry", condition=NEEDS_CARE),
            models.Index(fields=["risk_assessed_on", "id"], name="client_assessed", condition=NEEDS_CARE),
            models.Index(
                fields=["client_no"],
                name="client_unreachable",
                condition=Q(mobile_index__isnull=True) & NEEDS_CARE,
            ),
            models.Index(
                fields=["merged_into"], name="client_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=["client_no"], name="client_prospects", condition=Q(status="prospect")),
        ]

    def __str__(self) -> str:
        return self.client_no

    @cached_property
    def merged_records(self) -> list["Client"]:
        """The records merged into this one, with id and number only."""
        return list(Client.objects.filter(merged_into=self).only("client_no").order_by("pk"))

    @property
    def record_ids(self) -> list[int]:
        """The ids of this record and of those merged into it, this one first; they are shown together."""
        return [self.pk, *(record.pk for record in self.merged_records)]


class ClientRecord(models.Model):
    """What the feeds told of a client on one trade date; also its history of ownership.

    One row per client x trade date (the highest version of that day wins). branch, manager_no and status
    hold from valid_from (inclusive) to valid_to (exclusive); the first row's valid_from is FIRST_DAY (F4).
    A run as of D takes rows with told_on <= D, the last of them without end. opened_on, closed_on and
    callback_passed_on are as this row told them (F4: the newest row's count).
    """

    pk = models.CompositePrimaryKey("client_id", "told_on")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="records", db_index=False)
    told_on = models.DateField()
    told_version = models.IntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(default=LAST_DAY)
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    manager_no = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=15, choices=Client.Status.choices)
    kind = models.CharField(max_length=12, choices=Client.Kind.choices)
    id_index = models.BinaryField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    callback_passed_on = models.DateField(null=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="client_record_span"),
        ]
        indexes = [models.Index(fields=["id_index"], name="client_record_id_index")]


class Account(models.Model):
    """A fund account. The client of an account never changes; a row that says otherwise is quarantined."""

    account_no = models.CharField(max_length=30, unique=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="accounts")
    system = models.CharField(
        max_length=8, choices=[("cash", _("Cash")), ("margin", _("Margin")), ("options", _("Options"))]
    )
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    told_on = models.DateField()
    told_version = models.IntegerField(default=1)
    first_told_on = models.DateField(default=FIRST_DAY)  # a run as of an earlier day knows nothing of it

    objects = ClientRowsQuerySet.as_manager()


class ClientStanding(models.Model):
    """Where a client stands as of the last night; written by segmentation, changed rows only."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    branch = models.ForeignKey(  # of record on as_of
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    manager_no = models.CharField(max_length=20, blank=True)
    held = models.BooleanField(default=False)
    tier = models.CharField(max_length=3, blank=True)  # V1..V5, NEW, empty without one
    tier_since = models.DateField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    stage = models.CharField(max_length=10, blank=True)
    matrix = models.CharField(max_length=10, blank=True)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    assets = models.DecimalField(max_digits=20, decimal_places=4, default=0)  # assets_end of the newest month
    contribution_12m = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    last_trade_on = models.DateField(null=True)
    as_of = models.DateField()

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [
            # "best first" lists of the whole firm; scores of NEW clients are null and come last
            models.Index(F("score").desc(nulls_last=True), F("client").desc(), name="standing_score"),
            # the tier last: a tier's clients are picked out within the index, without looking at the others
            models.Index(fields=["-contribution_12m", "-client", "tier"], name="standing_contribution_tier"),
            models.Index(fields=["-assets", "-client", "tier"], name="standing_assets_tier"),
            models.Index(fields=["branch", "tier", "-score"], name="standing_branch_tier"),
            models.Index(
                fields=["branch", "client"], name="standing_at_risk", condition=Q(flags__contains=["at_risk"])
            ),
            # best first within a tier
            models.Index(
                "tier", F("score").desc(nulls_last=True), F("client").desc(), name="standing_tier_score"
            ),
        ]
