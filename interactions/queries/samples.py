"""Contacts that quality inspection draws from."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.samples import Sample, SampleWanted
from interactions.models import Interaction
from knowledge.models import Inspection
from staff.models import Membership

KIND = "contact"


def contacts_for(wanted: SampleWanted) -> list[Sample]:
    """Entries of the units' people in these days that stood in the log at the moment named, by number.

    The log is append-only, so the same is found again later. An agent with roles at several of the units
    counts for the first of them by code. Confidential entries are left out: not all inspectors may
    read them.
    """
    units = _units_of(wanted)
    newer = Interaction.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=wanted.known_at)
    rows = Interaction.objects.filter(
        ~Exists(newer), started_on__range=(wanted.first, wanted.last), recorded_at__lte=wanted.known_at,
        agent_id__in=list(units), confidentiality=Interaction.Confidentiality.NORMAL, **_narrowing(wanted),
    )  # fmt: skip
    told = rows.order_by("pk").values_list("pk", "agent_id", "channel", "category__code", "started_at")
    return [Sample(pk, agent, units[agent], way, topic, at) for pk, agent, way, topic, at in told if agent]


def entry_for(reader: Any, number: int) -> Interaction | None:
    """The entry, for whoever may read it anyway or has it to inspect."""
    rows = Interaction.objects.select_related("client", "category").filter(pk=number)
    drawn = Inspection.objects.visible_to(reader).filter(kind=KIND, subject=number)
    inspected = rows.filter(Exists(drawn), confidentiality=Interaction.Confidentiality.NORMAL)
    readable = Interaction.objects.visible_to(reader).select_related("client", "category").filter(pk=number)
    return readable.first() or inspected.first()


def _units_of(wanted: SampleWanted) -> dict[int, int]:
    """The unit of each agent."""
    lasting = Q(to_date__isnull=True) | Q(to_date__gt=wanted.last)
    rows = Membership.objects.filter(lasting, unit_id__in=wanted.unit_ids, from_date__lte=wanted.last)
    if wanted.agent_id is not None:
        rows = rows.filter(person_id=wanted.agent_id)
    units: dict[int, int] = {}
    for person, unit in rows.order_by("unit__code", "pk").values_list("person_id", "unit_id"):
        units.setdefault(person, unit)
    return units


def _narrowing(wanted: SampleWanted) -> dict[str, object]:
    narrow: dict[str, object] = {"channel": wanted.channel} if wanted.channel else {}
    if wanted.categories:
        narrow["category__code__in"] = sorted(wanted.categories)
    return narrow
