"""Due contacts: whom to speak with, why and until when; made each night, closed by themselves."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet
from staff.models import Person, Unit


class DueList(models.TextChoices):
    PLAN = "plan", _("Contact by service plan")
    AT_RISK = "at_risk", _("At risk")
    ALMOST = "almost_upgraded", _("Almost upgraded")
    DORMANT = "dormant_asset", _("Dormant assets")
    FIRST_90 = "first_90_days", _("First 90 days")
    BIRTHDAY = "birthday", _("Birthdays")
    EXPIRING = "expiring", _("Expiring documents")


class DueState(models.TextChoices):
    OPEN = "open", _("To do")
    PUT_OFF = "put_off", pgettext_lazy("due contact", "Put off")
    DONE = "done", _("Done")
    LAPSED = "lapsed", _("Lapsed")


WAITING = (DueState.OPEN, DueState.PUT_OFF)


class DueContactQuerySet(ClientRowsQuerySet):
    def waiting(self) -> "DueContactQuerySet":
        """Neither done nor lapsed."""
        return self.filter(state__in=WAITING)

    def to_do(self, until: date) -> "DueContactQuerySet":
        """What is due by a day and not put off beyond it."""
        return self.filter(
            Q(state=DueState.OPEN) | Q(state=DueState.PUT_OFF, put_off_until__lte=until), due_on__lte=until
        )


class DueContact(models.Model):
    """One client x list x occasion.

    occasion: what tells this entry from earlier ones of the list (docs/worklists.md). why with facts: the
    reason as a code and its numbers. tier, branch, manager_no: as of the last night while it waits.
    since: a contact by a person after this day closes it. owner: the manager of record as a person, or whom
    it was handed to (handed); none: the branch's queue.
    """

    class Closed(models.TextChoices):
        CONTACTED = "contacted", _("The client was contacted")
        RENEWED = "renewed", _("The document was renewed")
        GONE = "gone", _("The reason no longer holds")
        BY_HAND = "by_hand", _("Closed by hand")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="due_contacts", db_index=False)
    list = models.CharField(max_length=20, choices=DueList.choices)
    occasion = models.CharField(max_length=20)
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    handed = models.BooleanField(default=False, db_default=False)
    tier = models.CharField(max_length=3, blank=True)
    why = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField()
    since = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=DueState.choices, default="open", db_default="open")
    put_off_until = models.DateField(null=True)
    contacted_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_how = models.CharField(max_length=10, choices=Closed.choices, blank=True, db_default="")
    note = models.CharField(max_length=300, blank=True, db_default="")
    version = models.IntegerField(default=1, db_default=1)

    objects = DueContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "list", "occasion"], name="due_contact_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "put_off"], closed_on__isnull=True, closed_how="")
                | (Q(state__in=["done", "lapsed"], closed_on__isnull=False) & ~Q(closed_how="")),
                name="due_contact_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="put_off", put_off_until__isnull=False) | ~Q(state="put_off"),
                name="due_contact_put_off",
            ),
            models.CheckConstraint(
                condition=Q(contacted_on__isnull=True) | Q(contacted_on__gt=F("since")),
                name="due_contact_after",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="due_waiting", condition=Q(state__in=["open", "put_off"])
            ),
            models.Index(
                fields=["branch", "due_on", "id"],
                name="due_of_branch",
                condition=Q(state__in=["open", "put_off"]),
            ),
            models.Index(
                fields=["owner", "due_on", "id"],
                name="due_of_owner",
                condition=Q(state__in=["open", "put_off"]),
            ),
            # how the plan was kept in a month
            models.Index(fields=["due_on", "branch", "tier"], name="due_by_plan", condition=Q(list="plan")),
        ]


class DueStage(models.Model):
    """The shape of a night's fresh entries on their way into DueContact; each session has its own copy."""

    pk = models.CompositePrimaryKey("client_id", "list", "occasion")
    client_id = models.BigIntegerField()
    list = models.CharField(max_length=20)
    occasion = models.CharField(max_length=20)
    why = models.CharField(max_length=20)
    facts = models.JSONField()
    since = models.DateField()
    due_on = models.DateField()


class Suggestion(models.Model):
    """What to do about the entries of a list, in the reader's language; a setting."""

    list = models.CharField(max_length=20, choices=DueList.choices, unique=True)
    text_zh = models.CharField(_("Chinese"), max_length=300)
    text_en = models.CharField(_("English"), max_length=300)

    def __str__(self) -> Any:
        return self.text_en if get_language() == "en" else self.text_zh
