"""Adding, preferring and ending contact points of clients."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import Client, ContactPoint
from core import audit, crypto
from core.errors import Conflict

Kind = ContactPoint.Kind


@transaction.atomic
def add_contact_point(
    *,
    actor: audit.Actor,
    client: Client,
    kind: str,
    value: str,
    label: str = "",
    preferred: bool = False,
) -> ContactPoint:
    """Adds a way to reach the client. Raises ValidationError where the value cannot be one of its kind."""
    point = _point(actor, client, kind, value)
    point.label, point.preferred = label, preferred
    if preferred:
        _in_use(client).filter(kind=kind).update(preferred=False)
    point.save()
    _note(actor, client, "contact_point.added", point)
    return point


@transaction.atomic
def add_contact_points(*, actor: audit.Actor, given: Sequence[tuple[Client, str, str]]) -> list[ContactPoint]:
    """Adds many ways to reach clients: (client, kind, value) each, in this order. Raises ValidationError."""
    points = ContactPoint.objects.bulk_create([_point(actor, *one) for one in given])
    _note_many(actor, "contact_point.added", points)
    return points


def _point(actor: audit.Actor, client: Client, kind: str, value: str) -> ContactPoint:
    """Not written yet: checked, sealed and indexed."""
    text = checked(kind, value)
    point = ContactPoint(client=client, kind=kind, added_by=actor.actor_name)
    point.value = crypto.seal(text, point.context)
    index(point, text)
    return point


@transaction.atomic
def prefer_contact_point(*, actor: audit.Actor, client: Client, point: ContactPoint) -> None:
    """Makes it the one to use first among those of its kind."""
    _open(point)
    _in_use(client).filter(kind=point.kind).update(preferred=False)
    ContactPoint.objects.filter(pk=point.pk).update(preferred=True)
    _note(actor, client, "contact_point.preferred", point)


@transaction.atomic
def end_contact_point(*, actor: audit.Actor, client: Client, point: ContactPoint) -> None:
    """Takes it out of use; it stays on record."""
    _open(point)
    ContactPoint.objects.filter(pk=point.pk).update(
        ended_at=timezone.now(), ended_by=actor.actor_name, preferred=False
    )
    _note(actor, client, "contact_point.ended", point)


@transaction.atomic
def end_contact_points(*, actor: audit.Actor, ids: Sequence[int]) -> None:
    """Takes those of them out of use that are in use."""
    in_use = ContactPoint.objects.filter(pk__in=ids).in_use().select_related("client__branch")
    points = list(in_use.order_by("pk").select_for_update(of=("self",)))
    ContactPoint.objects.filter(pk__in=[point.pk for point in points]).update(
        ended_at=timezone.now(), ended_by=actor.actor_name, preferred=False
    )
    _note_many(actor, "contact_point.ended", points)


def checked(kind: str, value: str) -> str:
    """The value as it is kept. Raises ValidationError."""
    text = " ".join(value.split())
    if kind == Kind.MOBILE:
        text = identifiers.normal_mobile(text)
        if len(text) != 11 or not text.startswith("1"):
            raise ValidationError({"value": _("A mobile has 11 digits and begins with 1.")})
    elif kind == Kind.PHONE and not 7 <= sum(letter.isdigit() for letter in text) <= 16:
        raise ValidationError({"value": _("A landline has 7 to 16 digits.")})
    elif kind == Kind.EMAIL:
        _check_email(text)
    if not text:
        raise ValidationError({"value": _("The value is missing.")})
    return text


def index(point: ContactPoint, text: str) -> None:
    """Fills the blind indexes that its kind has."""
    if point.kind == Kind.MOBILE:
        point.mobile_index = identifiers.mobile_blind_index(text)
        point.tail_index = identifiers.tail_blind_index(text)
    elif point.kind == Kind.EMAIL:
        point.email_index = identifiers.email_blind_index(text)


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValidationError({"value": _("This is no email address.")}) from error


def _in_use(client: Client) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(client_id__in=client.record_ids).in_use()


def _open(point: ContactPoint) -> None:
    if point.ended_at is not None:
        raise Conflict(_("This contact point is no longer in use."), code="ended")


def _note(actor: audit.Actor, client: Client, deed: str, point: ContactPoint) -> None:
    audit.record(actor=actor, deed=deed, **vars(_subject(client, point)))


def _note_many(actor: audit.Actor, deed: str, points: Sequence[ContactPoint]) -> None:
    subjects = [_subject(point.client, point) for point in points]
    audit.record_many(actor=actor, deed=deed, subjects=subjects)


def _subject(client: Client, point: ContactPoint) -> audit.Subject:
    detail = {"kind": point.kind, "label": point.label}
    return audit.Subject("contact_point", point.pk, client.branch.code, client.pk, detail)
