"""Who the demo clients are: kind, identity, wealth, temper and home branch, drawn once for all of them.

Everything is held in arrays indexed by client place (0 … n-1), so that a million clients take some hundred
megabytes; the texts of a row are made only when the row is written (see ``masters``).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crm.demo.identifiers import Integers, distinct_sequences
from crm.demo.market import STYLES, Market
from crm.demo.names import BRANCHES, ID_AREA_CODES, ID_AREAS, MERGED, SUCCESSOR

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

INDIVIDUAL, INSTITUTION, PRODUCT = 0, 1, 2
ID_TYPES = ("resident_id", "passport", "hk_macao", "taiwan", "uscc", "other")
RESIDENT, PASSPORT, HK_MACAO, TAIWAN, USCC, OTHER = range(6)
STOCK_SHARE = 0.82
"""Share of the clients that were opened before the first day."""
BRANCH_PLACES = {branch.code: place for place, branch in enumerate(BRANCHES)}
EPOCH = date(1996, 3, 1).toordinal()


@dataclass
class Traits:
    """What makes the branches differ: size, wealth, and how well they win, keep and raise clients."""

    size: Floats
    wealth: Floats
    winning: Floats
    losing: Floats
    rising: Floats


@dataclass
class People:
    """One entry per client in each array: dates as ordinals, money in cents, ``told`` as calendar place."""

    traits: Traits
    opened: Integers
    told: Integers
    kind: Integers
    identity: Integers
    id_type: Integers
    area: Integers
    sequence: Integers
    born: Integers
    branch: Integers
    manager: Integers
    wealth: Integers
    cash_share: Floats
    style: Integers
    trading: Floats
    commission: Floats
    minimum: Flags
    margin: Flags
    options: Flags
    risk: Integers
    assessed: Integers
    investor: Integers
    callback: Integers

    def __len__(self) -> int:
        return len(self.kind)


def build_people(clients: int, market: Market, merge_day: int, seed: int) -> People:
    """Draws ``clients`` clients, ordered by the day they are told; places behind the stock are newcomers."""
    random = np.random.default_rng([seed, 2])
    traits = _traits(random)
    stock = max(1, round(clients * STOCK_SHARE))
    told = np.zeros(clients, dtype=np.int64)
    told[stock:] = np.sort(random.integers(1, max(2, len(market.days)), clients - stock))
    opened = _opened(random, told, stock, market)
    kind = random.choice(3, clients, p=(0.93, 0.05, 0.02))
    branch = _branches(random, traits, told, stock, merge_day)
    identity = _identities(random, kind, branch, opened)
    wealth = _wealth(random, kind, traits.wealth[branch])
    return People(
        traits=traits,
        opened=opened,
        told=told,
        kind=kind,
        branch=branch,
        wealth=wealth,
        identity=np.arange(clients),
        **identity,
        **_temper(random, kind, wealth),
        **_suitability(random, kind, opened, stock, market),
        manager=_managers(random, branch),
        callback=_callbacks(random, opened),
    )


def _traits(random: np.random.Generator) -> Traits:
    count = len(BRANCHES)
    size = random.uniform(0.45, 1.6, count)
    size[BRANCH_PLACES["1001"]] = 1.9
    size[BRANCH_PLACES[MERGED]] = 0.5
    rising = np.linspace(-0.16, 0.22, count)
    random.shuffle(rising)
    return Traits(
        size=size,
        wealth=random.uniform(0.6, 1.7, count),
        winning=random.uniform(0.5, 1.7, count),
        losing=random.uniform(0.45, 1.8, count),
        rising=rising,
    )


def _opened(random: np.random.Generator, told: Integers, stock: int, market: Market) -> Integers:
    """Stock: over all the years, denser lately. Newcomers: the day they are told, or a day off before it."""
    ordinals = market.ordinals
    opened = ordinals[np.minimum(told, len(ordinals) - 1)]
    years = random.beta(1.6, 1.1, stock)
    opened[:stock] = np.sort(EPOCH + (years * (ordinals[0] - 1 - EPOCH)).astype(np.int64))
    gap = opened - ordinals[np.maximum(told - 1, 0)]
    weekend = (random.random(len(told)) < 0.25) & (gap > 1)
    weekend[:stock] = False
    return opened - weekend


def _branches(
    random: np.random.Generator, traits: Traits, told: Integers, stock: int, merge_day: int
) -> Integers:
    count = len(BRANCHES)
    branch = np.empty(len(told), dtype=np.int64)
    branch[:stock] = random.choice(count, stock, p=traits.size / traits.size.sum())
    pull = traits.size * traits.winning
    branch[stock:] = random.choice(count, len(told) - stock, p=pull / pull.sum())
    late = (branch == BRANCH_PLACES[MERGED]) & (told >= merge_day)
    branch[late] = BRANCH_PLACES[SUCCESSOR]
    return branch


def _managers(random: np.random.Generator, branch: Integers) -> Integers:
    """Place of the manager in the branch, -1 for the 12 % without."""
    sizes = np.array([len(entry.managers) for entry in BRANCHES])[branch]
    chosen = (random.random(len(branch)) * sizes).astype(np.int64)
    chosen[random.random(len(branch)) < 0.12] = -1
    return chosen


def _identities(
    random: np.random.Generator, kind: Integers, branch: Integers, opened: Integers
) -> dict[str, Any]:
    count = len(kind)
    id_type = random.choice((RESIDENT, PASSPORT, HK_MACAO, TAIWAN), count, p=(0.962, 0.012, 0.016, 0.010))
    id_type[kind == INSTITUTION] = USCC
    id_type[kind == PRODUCT] = OTHER
    area = _areas(random, branch)
    age = random.gamma(9, 4.6, count).clip(0, 60) + 18
    born = opened - (age * 365.25).astype(np.int64)
    born = np.maximum(born, date(1931, 1, 1).toordinal() + random.integers(0, 1500, count))
    wanted = random.integers(1, 1000, count)
    sequence = distinct_sequences((born * 128 + area) * 2 + wanted % 2, wanted // 2) * 2 + wanted % 2
    return {"id_type": id_type, "area": area, "born": born, "sequence": sequence}


def _areas(random: np.random.Generator, branch: Integers) -> Integers:
    """Place in ID_AREA_CODES, one of those of the branch's city."""
    cities = [ID_AREAS[entry.city] for entry in BRANCHES]
    options = np.array([[ID_AREA_CODES.index(codes[n % len(codes)]) for n in range(12)] for codes in cities])
    return options[branch, random.integers(0, 12, len(branch))]


def _wealth(random: np.random.Generator, kind: Integers, richness: Floats) -> Integers:
    """In cents. A Pareto tail: 3 % of the clients bring most of the money; one account in five is empty."""
    count = len(kind)
    middle = np.array([11.1, 14.0, 16.2])[kind]
    spread = np.array([1.45, 1.4, 1.0])[kind]
    yuan = np.exp(random.normal(middle, spread)) * richness
    tail = random.random(count) < 0.03
    yuan[tail] *= 4 * (1 + random.pareto(1.3, tail.sum()))
    small = (random.random(count) < 0.28) & (kind == INDIVIDUAL)
    little = random.choice((0, 150, 900, 4000), small.sum(), p=(0.76, 0.08, 0.08, 0.08))
    yuan[small] = little * random.uniform(0.5, 2, small.sum())
    return np.rint(np.minimum(yuan, 2e9)).astype(np.int64) * 100


def _temper(random: np.random.Generator, kind: Integers, wealth: Integers) -> dict[str, Any]:
    count = len(kind)
    pace = random.choice((0.003, 0.025, 0.16, 0.7), count, p=(0.50, 0.36, 0.115, 0.025))
    rich = wealth > 500_000_00
    margin = random.random(count) < np.where(rich, 0.22, np.where(wealth > 100_000_00, 0.06, 0.0))
    return {
        "cash_share": random.beta(1.3, 4.0, count),
        "style": random.integers(0, STYLES, count),
        "trading": pace * random.gamma(2.0, 0.5, count),
        "commission": random.choice(
            (0.00015, 0.00025, 0.0003, 0.0005, 0.0008, 0.0012), count, p=(0.08, 0.34, 0.24, 0.17, 0.11, 0.06)
        ),
        "minimum": random.random(count) < 0.72,
        "margin": margin & (kind != PRODUCT),
        "options": (random.random(count) < 0.12) & rich,
    }


def _suitability(
    random: np.random.Generator, kind: Integers, opened: Integers, stock: int, market: Market
) -> dict[str, Any]:
    """Risk level (-1 for products), date of the last assessment (some expired already), investor class."""
    count = len(kind)
    risk = random.choice(6, count, p=(0.02, 0.10, 0.24, 0.32, 0.22, 0.10))
    risk[kind == PRODUCT] = -1
    assessed = opened.copy()
    age = random.integers(0, 800, stock)
    assessed[:stock] = np.maximum(market.ordinals[0] - 1 - age, opened[:stock])
    investor = np.where(random.random(count) < 0.02, 2, 0)
    investor[kind == INSTITUTION] = random.choice((0, 1, 2), (kind == INSTITUTION).sum(), p=(0.5, 0.2, 0.3))
    investor[kind == PRODUCT] = 1
    return {"risk": risk, "assessed": assessed, "investor": investor}


def _callbacks(random: np.random.Generator, opened: Integers) -> Integers:
    """Date the opening callback passed; 0 for the 3 % whose callback never did."""
    passed = opened + random.integers(0, 22, len(opened))
    passed[random.random(len(opened)) < 0.03] = 0
    return passed
