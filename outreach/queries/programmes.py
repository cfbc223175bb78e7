"""Reads of callback programmes: what is in force, what is being written, how versions differ."""

from collections.abc import Sequence

from outreach.models import CallbackProgramme

BEING_WRITTEN = (CallbackProgramme.State.DRAFT, CallbackProgramme.State.PROPOSED)


def in_force(kind: str) -> CallbackProgramme | None:
    """The version whose rules hold now; None when the kind is not called at the moment."""
    return CallbackProgramme.objects.filter(kind=kind, state=CallbackProgramme.State.IN_FORCE).first()


def versions_of(kind: str) -> list[CallbackProgramme]:
    """All versions, the newest first."""
    rows = CallbackProgramme.objects.filter(kind=kind).select_related("author", "approved_by")
    return list(rows.order_by("-number"))


def being_written(versions: Sequence[CallbackProgramme]) -> CallbackProgramme | None:
    return next((one for one in versions if one.is_being_written), None)


def shown(versions: Sequence[CallbackProgramme]) -> CallbackProgramme:
    """What is in force, else the newest."""
    return next((one for one in versions if one.state == CallbackProgramme.State.IN_FORCE), versions[0])


def newest_by_kind() -> list[tuple[CallbackProgramme, CallbackProgramme | None]]:
    """Of every kind the version that is shown, and the one that is being written."""
    rows = CallbackProgramme.objects.select_related("author", "approved_by").order_by("kind", "-number")
    kinds: dict[str, list[CallbackProgramme]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return [(shown(versions), being_written(versions)) for versions in kinds.values()]
