"""From the stage's counts and profits to the rows of the cards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from core import sql
from kpis.models import Adjustment, UnitType
from kpis.models.cards import ADJUSTED
from kpis.recompute.rows import CardFacts, card_row
from kpis.recompute.setup import Setup
from kpis.rules import COUNTS, CardInputs, Passage, Period, Profits, TierFacts
from kpis.rules.passages import numbers_of

APP = "kpis"
UnitKey = tuple[str, str]  # type and code; ("firm", "firm") inside a computation
FIRM: UnitKey = ("firm", "firm")


@dataclass
class UnitFacts:
    """A unit's counts with digests of who they are, and its profits and days by tier."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    digests: dict[str, Decimal] = field(default_factory=dict)
    tiers: dict[str, TierFacts] = field(default_factory=dict)

    def has_numbers(self) -> bool:
        """Whether any count or client-day is above 0 (K12, for managers)."""
        days = (days for tier in self.tiers.values() for days in tier.days.values())
        return any(self.counts.values()) or any(days)


def card_rows(setup: Setup, period: Period) -> Iterator[dict[str, Any]]:
    """The staged row of every unit that has a card of the period."""
    facts, notes, homes = _facts(setup, period), _notes(period), _homes(setup, period)
    firm = inputs_of(setup, period, facts[FIRM], None)
    for unit in _units(setup, period, facts):
        inputs = firm if unit == FIRM else inputs_of(setup, period, facts[unit], firm)
        told = setup.adjustments(period, unit[0], "" if unit == FIRM else unit[1])
        inputs = replace(inputs, adjustments=_sums(told)) if told else inputs
        said = [*notes.get(unit, []), *(_adjusted(one, unit) for one in told)]
        yield card_row(
            setup, period, CardFacts(*unit, inputs, facts[unit].digests, said, homes.get(unit[1], ""))
        )


def _sums(told: list[Adjustment]) -> dict[str, Decimal]:
    """Subject -> what all adjustments of a card add to it."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in told:
        found[one.subject] += one.amount
    return dict(found)


def _adjusted(one: Adjustment, unit: UnitKey) -> dict[str, Any]:
    """The note of an adjustment; it names the branch that won it where that has been merged since."""
    note = {"rule": ADJUSTED, "number": one.subject, "amount": f"{one.amount:f}", "appeal": one.appeal_id}
    merged = one.unit_type == UnitType.BRANCH and one.unit_code != unit[1]
    return note | {"unit": one.unit_code} if merged else note


def _facts(setup: Setup, period: Period) -> dict[UnitKey, UnitFacts]:
    """Every unit's facts; E is counted apart, so that the identity says something of the other counts."""
    params = {"start": period.start, "end": period.end, **setup.units.params}
    found = gathered(
        sql.rows(APP, "unit_passages", {"period": period.name}), sql.rows(APP, "unit_profits", params)
    )
    held = sql.rows(APP, "unit_held", setup.units.params)
    clients = {(row["unit_type"], row["unit_code"]): row["clients"] for row in held}
    for unit in found.keys() | clients.keys():
        found[unit].counts["E"] = clients.get(unit, 0)
    return found


def gathered(
    passages: Iterable[Mapping[str, Any]], profits: Iterable[Mapping[str, Any]]
) -> dict[UnitKey, UnitFacts]:
    """Every unit's facts from the rows of unit_passages and unit_profits; the firm's are always there."""
    found: dict[UnitKey, UnitFacts] = defaultdict(UnitFacts)
    found[FIRM] = UnitFacts()
    for row in passages:
        passage = Passage(row["kind"], row["opening"] or None, row["closing"] or None, row["movement"])
        for number, code in numbers_of(passage):
            unit = found[row["unit_type"], code]
            unit.counts[number] += row["size"]
            unit.digests[number] = unit.digests.get(number, Decimal(0)) + row["digest"]
    for row in profits:
        tiers = found[row["unit_type"], row["unit_code"]].tiers
        facts = tiers.get(row["tier"], TierFacts())
        days = {**facts.days, row["month_length"]: row["days"]}
        tiers[row["tier"]] = TierFacts(facts.profit + row["profit"], days)
    return found


def inputs_of(setup: Setup, period: Period, facts: UnitFacts, firm: CardInputs | None) -> CardInputs:
    """What a unit's card is worked out from."""
    profits = Profits(len(period.months), facts.tiers)
    return CardInputs(facts.counts, profits, setup.is_short(period), firm)


def _units(setup: Setup, period: Period, facts: dict[UnitKey, UnitFacts]) -> list[UnitKey]:
    """Who has a card (K5, K12): the firm, open regions and branches, managers with any number."""
    end = period.reckoned_to(setup.as_of)
    tree = [(kind, unit.code) for kind in ("region", "branch") for unit in setup.units.with_cards(kind, end)]
    managers = sorted(unit for unit, found in facts.items() if unit[0] == "manager" and found.has_numbers())
    return [FIRM, *tree, *managers]


def _homes(setup: Setup, period: Period) -> dict[str, str]:
    """manager_no -> branch where most of the manager's clients are."""
    places = {name: setup.units.params[name] for name in ("branch_ids", "branch_codes")}
    params = {"period": period.name, "start": period.start, "end": period.end, **places}
    return {row["manager_no"]: row["branch"] for row in sql.rows(APP, "manager_homes", params)}


def _notes(period: Period) -> dict[UnitKey, list[dict[str, Any]]]:
    """By unit: the clients in B that the card before did not have in E, and the other way round (K13)."""
    notes: dict[UnitKey, dict[str, Any]] = {}
    for row in sql.rows(APP, "undone_clients", {"period": period.name}):
        for unit_type in ("region", "branch", "manager"):
            opening, record = row[f"opening_{unit_type}"], row[f"record_{unit_type}"]
            for side, code in (("added", opening), ("removed", record)):
                if opening != record and code:
                    note = notes.setdefault((unit_type, code), _empty_note())
                    note[side].append(row["client_no"])
    return {unit: [note] for unit, note in notes.items()}


def _empty_note() -> dict[str, Any]:
    return {"rule": "K3", "number": "B", "added": [], "removed": []}
