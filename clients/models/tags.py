"""Tags that people stick on clients: a shared vocabulary, and which client carries which."""

from django.db import models

from clients.models.client import Client, ClientRowsQuerySet


class Tag(models.Model):
    """A word of the firm's vocabulary; made when it is used for the first time."""

    name = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClientTag(models.Model):
    """A tag on a client, who stuck it there and when."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tags_given", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="given", db_index=False)
    given_by = models.CharField(max_length=150)
    given_at = models.DateTimeField()

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "tag"], name="client_tag_once")]
        indexes = [models.Index(fields=["tag", "client"], name="client_tag_clients")]
