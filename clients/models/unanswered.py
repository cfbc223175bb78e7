"""Clients whom the house tried to reach several times in a row without an answer; told by the log above."""

from django.db import models

from clients.models.client import Client, ClientRowsQuerySet


class Unanswered(models.Model):
    """The newest attempts to reach a client, none of them answered; gone once somebody speaks with them.

    since: the day of the first of these attempts, last_on: of the newest.
    """

    client = models.OneToOneField(
        Client, on_delete=models.CASCADE, primary_key=True, related_name="unanswered"
    )
    attempts = models.IntegerField()
    since = models.DateField()
    last_on = models.DateField()

    objects = ClientRowsQuerySet.as_manager()
