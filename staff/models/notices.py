"""What people are told, on pages and by mail."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.registry import notice_kinds
from staff.models.organisation import Person


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
