"""Adding and ending relations around clients."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import Client, Relation
from core import audit, crypto
from core.errors import Conflict

Kind = Relation.Kind
SYMMETRIC = frozenset({Kind.SPOUSE, Kind.HOUSEHOLD, Kind.OTHER})


@transaction.atomic
def add_relation(
    *,
    actor: audit.Actor,
    client: Client,
    kind: str,
    from_date: date,
    backward: bool = False,
    other: Client | None = None,
    other_name: str = "",
    other_mobile: str = "",
    share: Decimal | None = None,
    note: str = "",
) -> Relation:
    """`other` (a client, or somebody with a name) is the <kind> of the client; backward: the client is the
    other's. Raises ValidationError for what cannot be, Conflict where the relation stands already.
    """
    _check(client, kind, other, other_name, share)
    relation = Relation(kind=kind, share=share, note=note, from_date=from_date, added_by=actor.actor_name)
    if other is None:
        relation.client, relation.backward, relation.other_name = client, backward, other_name.strip()
        relation.other_mobile = crypto.seal(identifiers.normal_mobile(other_mobile), relation.context)
    else:
        relation.client, relation.other = (other, client) if backward else (client, other)
        _refuse_repeat(relation, relation.client_id, other.pk if not backward else client.pk)
    relation.save()
    _note(actor, client, "relation.added", relation)
    return relation


@transaction.atomic
def end_relation(*, actor: audit.Actor, client: Client, relation: Relation, to_date: date) -> Relation:
    """The relation holds no longer from this date on."""
    row = Relation.objects.select_for_update().get(pk=relation.pk)
    if row.to_date is not None:
        raise Conflict(_("The relation has ended already."), code="ended")
    if to_date < row.from_date:
        raise ValidationError({"to_date": _("It cannot end before it began.")})
    row.to_date, row.ended_by = to_date, actor.actor_name
    row.save(update_fields=["to_date", "ended_by"])
    _note(actor, client, "relation.ended", row)
    return row


def _check(client: Client, kind: str, other: Client | None, name: str, share: Decimal | None) -> None:
    if other is None and not name.strip():
        raise ValidationError({"other_name": _("Say who it is: a client's number or a name.")})
    if other is not None and other.pk in client.record_ids:
        raise ValidationError({"other_no": _("A client is no relation of itself.")})
    if share is not None and kind != Kind.BENEFICIAL_OWNER:
        raise ValidationError({"share": _("Only beneficial owners have a share.")})
    if share is not None and not 0 < share <= 100:
        raise ValidationError({"share": _("A share lies above 0 and is 100 at most.")})


def _refuse_repeat(relation: Relation, start: int, end: int) -> None:
    """The same two, the same kind, at the same time; of symmetric kinds in either direction."""
    ids = [start, end]
    list(Client.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    same = Relation.objects.filter(kind=relation.kind, to_date__isnull=True)
    ends = [(start, end), (end, start)] if relation.kind in SYMMETRIC else [(start, end)]
    if any(same.filter(client_id=one, other_id=two).exists() for one, two in ends):
        raise Conflict(_("This relation stands already."), code="repeated")


def _note(actor: audit.Actor, client: Client, deed: str, relation: Relation) -> None:
    """Names of people who are no clients stay out of the trail."""
    other = relation.other.client_no if relation.other else ""
    audit.record(
        actor=actor, deed=deed, subject_type="relation", subject_id=relation.pk,
        unit_code=client.branch.code, client_id=client.pk,
        detail={"kind": relation.kind, "client": relation.client.client_no, "other": other},
    )  # fmt: skip
