"""What only the search reads: further readings of names, and what a person opened last."""

from django.db import models

from clients.models.client import Client, ClientRowsQuerySet
from staff.models import Person


class Reading(models.Model):
    """Another way to type a client's name or short name in Latin letters (core.spelling).

    `of` is the column it belongs to, so that the feeds renew the name's and leave the short name's alone.
    """

    class Of(models.TextChoices):
        NAME = "name"
        SHORT_NAME = "short"

    pk = models.CompositePrimaryKey("client_id", "of", "pinyin")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="readings", db_index=False)
    of = models.CharField(max_length=5, choices=Of.choices)
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=100)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["pinyin"], name="reading_pinyin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["initials"], name="reading_initials", opclasses=["varchar_pattern_ops"]),
        ]


class Opened(models.Model):
    """When a person last opened a client's page: the search box offers these before anything is typed."""

    pk = models.CompositePrimaryKey("person_id", "client_id")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="opened_newest")]
