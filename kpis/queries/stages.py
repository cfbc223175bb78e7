"""How far cards are on their way to be frozen: by card, and counted for a period."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from kpis.models import Confirmation, Scorecard, SignOff, Stage
from kpis.queries.readiness import Readiness

State = Scorecard.State
OPEN = (Stage.WAITING, Stage.CONFIRMED)  # what a deadline is for


def staged(rows: QuerySet[Scorecard], known: Mapping[str, Readiness]) -> Any:
    """The cards with `stage`; known: the periods, which say whether they are ready."""
    unit = {name: OuterRef(name) for name in ("period", "unit_type", "unit_code")}
    frozen = SignOff.objects.filter(**{f"card__{name}": outer for name, outer in unit.items()})
    given = Confirmation.objects.filter(card=OuterRef("pk"))
    ready = [name for name, one in known.items() if one.is_ready]
    exempt = [name for name, one in known.items() if not one.is_required]
    words: list[tuple[Q, Stage]] = [
        (Q(state=State.WITHHELD), Stage.WITHHELD),
        (Q(state=State.FINAL), Stage.SIGNED),
        (Q(is_frozen=True, is_confirmed=True), Stage.ADOPTING),
        (Q(is_frozen=True), Stage.REVISED),
        (Q(is_confirmed=True), Stage.CONFIRMED),
        (Q(period__in=exempt), Stage.EXEMPT),
        (Q(period__in=ready), Stage.WAITING),
    ]
    stage = Case(
        *(When(condition, then=Value(str(value))) for condition, value in words),
        default=Value(str(Stage.SETTLING)), output_field=CharField(),
    )  # fmt: skip
    return rows.annotate(is_frozen=Exists(frozen), is_confirmed=Exists(given)).annotate(stage=stage)


def listed(user: Any, known: Mapping[str, Readiness]) -> Any:
    """The current cards in sight with their stage and who confirmed and signed them."""
    rows = Scorecard.objects.visible_to(user).filter(current=True).defer("inputs", "notes", "profitability")
    people = rows.select_related("unit", "confirmation__confirmed_by", "sign_off__signed_by")
    return staged(people, known)


def progress(user: Any, readiness: Readiness) -> dict[str, int]:
    """Stage -> current cards of a period in sight; stages without any are there with 0."""
    name = readiness.period.name
    cards = Scorecard.objects.visible_to(user).filter(current=True, period=name)
    rows = staged(cards, {name: readiness}).order_by().values("stage").annotate(cards=Count("pk"))
    found = {row["stage"]: row["cards"] for row in rows}
    return {stage: found.get(stage, 0) for stage in Stage.values}


def late_periods(known: Mapping[str, Readiness], today: date) -> list[str]:
    """Periods whose cards should all be signed by now."""
    return [name for name, one in known.items() if one.is_late(today)]


def late(rows: Any, known: Mapping[str, Readiness], today: date) -> Any:
    """Of staged cards those that stand unsigned after the deadline."""
    return rows.filter(stage__in=OPEN, period__in=late_periods(known, today))
