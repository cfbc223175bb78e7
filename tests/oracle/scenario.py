"""The seeded scenario: more than 300 clients over 15 months with every case the rules settle.

`build` writes the packages; each client's label names the rule it is there for.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from .cases import broken, feed, life, units, value
from .config import Config, Targets
from .facts import Facts, interaction_day
from .world import World
from .writer import write_world

START = date(2025, 1, 1)
MONTHS = 15
MISSING = (date(2025, 5, 30), date(2025, 8, 13), date(2025, 11, 3), date(2026, 1, 30))
FIRST_PUBLISHED, SECOND_PUBLISHED = date(2025, 12, 31), date(2026, 2, 28)
AS_OF_DATES = (date(2025, 12, 31), date(2026, 1, 21), date(2026, 2, 28), date(2026, 3, 18), date(2026, 3, 31))

CHANNEL_COSTS = {
    "phone": (Decimal("1.5000"), Decimal("0.1000")),
    "visit": (Decimal("3.0000"), Decimal(0)),
    "wecom": (Decimal(0), Decimal("0.5000")),
    "sms": (Decimal(0), Decimal("0.0500")),
}


@dataclass
class Scenario:
    """What was written: packages by date and version, labels by client, and what comes by other doors.

    broken: packages that must be refused, with the reason's rule; they are not among `packages`.
    """

    directory: Path
    packages: list[Path]
    broken: list[tuple[Path, str]]
    labels: dict[str, str]
    interactions: list[dict]
    declared: dict[str, Decimal]

    def config(self) -> Config:
        """The settings the scenario is reckoned with, before anything is published."""
        return Config(channel_costs=CHANNEL_COSTS, targets=TARGETS, declared=self.declared)

    def clients(self, rule: str) -> list[str]:
        """The clients whose label begins with a rule or text."""
        return [client_no for client_no, label in self.labels.items() if label.startswith(rule)]


def _targets(scale: Decimal, width: Decimal = Decimal(1)) -> Targets:
    """Floors and targets for a length of period."""

    def limits(floor: str, target: str) -> tuple[Decimal, Decimal]:
        return Decimal(floor) * scale, Decimal(target) * scale * width

    profitability = {"H": limits("100", "900"), "M": limits("20", "250"), "L": limits("0", "60")}
    return Targets(
        new=limits("0.01", "0.08"),
        lost=limits("0.08", "0.01"),
        upgraded=limits("0.01", "0.10"),
        profitability=profitability,
    )


TARGETS = {
    ("month", "firm"): _targets(Decimal(1)),
    ("quarter", "firm"): _targets(Decimal(3)),
    ("year", "firm"): _targets(Decimal(12)),
    ("month", "branch:1002"): _targets(Decimal(1), Decimal("1.5")),
    ("quarter", "region:R2"): _targets(Decimal(3), Decimal("1.25")),
}


def world(seed: int = 7, crowd: int = 190) -> World:
    """The brokerage of the scenario, not yet written."""
    made = World(seed, START, MONTHS, MISSING)
    units.tell_units(made)
    for cases in (feed, life, units, value):
        cases.add_cases(made)
    value.add_crowd(made, crowd)
    return made


def build(directory: Path, seed: int = 7, crowd: int = 190) -> Scenario:
    """Write the scenario into an empty or new directory: packages/ and broken/."""
    made = world(seed, crowd)
    if directory.exists():
        shutil.rmtree(directory)
    packages = write_world(made, directory / "packages")
    return Scenario(
        directory,
        packages,
        broken.write_broken(made, directory / "broken"),
        {subject.client_no: subject.label for subject in made.subjects},
        made.interactions,
        made.declared,
    )


def with_places(interactions: Iterable[Mapping], facts: Facts) -> list[dict]:
    """The interactions with branch and manager of record on their Shanghai date."""
    placed = []
    for interaction in interactions:
        branch, manager = facts.clients[interaction["client_no"]].place_on(interaction_day(interaction))
        placed.append({**interaction, "branch": branch, "manager": manager})
    return placed
