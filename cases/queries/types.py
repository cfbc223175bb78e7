"""Reads of case types: those in use, their words, and the times of their clocks."""

from collections.abc import Iterable

from cases.models import IN_FORCE, ClockTime, TypeVersion
from interactions.models import TierBand

BAND_OF = {
    "V5": TierBand.HIGH,
    "V4": TierBand.HIGH,
    "V3": TierBand.MIDDLE,
    "V2": TierBand.BASE,
    "V1": TierBand.BASE,
}


def versions_in_force() -> list[TypeVersion]:
    """The newest version of every type in use, in their order."""
    rows = TypeVersion.objects.filter(IN_FORCE, type__retired=False).select_related("type")
    return list(rows.order_by("type__position", "type__code"))


def version_of(code: str) -> TypeVersion | None:
    """The version of this type under which a case is opened now; None for types that are not in use."""
    rows = TypeVersion.objects.filter(IN_FORCE, type__code=code, type__retired=False)
    return rows.select_related("type").first()


def band_of(tier: str) -> str:
    """V5-V4, V3, V2-V1 or other."""
    return str(BAND_OF.get(tier, TierBand.OTHER))


def times_for(version: TypeVersion, channel: str, band: str) -> list[ClockTime]:
    """One time for each kind of clock that runs: the row that says most about channel and band.

    A row of the channel goes before one of the band alone.
    """
    rows = ClockTime.objects.filter(version=version, channel__in=["", channel], band__in=["", band])
    return list(_fitting(rows).values())


def _fitting(rows: Iterable[ClockTime]) -> dict[str, ClockTime]:
    ordered = sorted(rows, key=lambda row: (bool(row.channel), bool(row.band)))
    return {row.kind: row for row in ordered}  # a later one takes the place of those that say less
