"""Reads of overrides: which there are, what the rules alone would have given, who may do what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client, ClientStanding
from core.keyset import capped_count
from segmentation.dates import add_months, is_month_end, previous_close
from segmentation.definition import NEW, Definition
from segmentation.models import ModelVersion, ScoreClose, TierOverride
from segmentation.queries.rows import Row, source

COUNTED_TO = 1000
PANEL_ROWS = 5
LOOK_BACK = 18  # months: as long as an override may last, and the closes before it that hysteresis looks at
BASE = ["client_id", "as_of", "score", "mature", "tier", "tier_reason", "model_version_id"]


def listed(user: Any) -> QuerySet[TierOverride]:
    """The overrides of clients somebody may see, with what a list shows of them."""
    rows = TierOverride.objects.visible_to(user)
    return rows.select_related("client", "client__branch", "proposed_by", "approved_by", "closed_by")


def count_standing(user: Any, state: str) -> tuple[int, bool]:
    """How many stand so today, of clients somebody may see."""
    rows = TierOverride.objects.standing(state, timezone.localdate()).visible_to(user)
    return capped_count(rows, COUNTED_TO)


def of_client(client: Client) -> list[TierOverride]:
    """The newest overrides of a client, whatever became of them."""
    rows = TierOverride.objects.filter(client=client)
    return list(rows.select_related("proposed_by", "approved_by", "closed_by").order_by("-id")[:PANEL_ROWS])


def in_force(client_id: int, day: date) -> TierOverride | None:
    """The override that sets a client's tier on a day."""
    rows = TierOverride.objects.on(day).filter(client_id=client_id)
    return rows.select_related("proposed_by", "approved_by").first()


@dataclass(frozen=True)
class Effect:
    """What the overrides of a day do: clients by (tier by the rules, tier as it is)."""

    as_of: date
    moves: dict[tuple[str, str], int]

    @property
    def clients(self) -> int:
        return sum(self.moves.values())


def effect(user: Any, as_of: date, branch: str = "") -> Effect:
    """Of the clients in sight whose tier is set by hand on a kept day, of all or of one branch."""
    rows = TierOverride.objects.on(as_of).visible_to(user)
    if branch:
        rows = rows.filter(client__branch__code=branch)
    pairs = with_and_without(rows.values_list("client_id", flat=True), [as_of])
    moves = Counter((without, given) for given, without in pairs.values())
    return Effect(as_of, dict(moves))


def tiers_to_give() -> Sequence[str]:
    """The tiers of the ladder, highest first; NEW is none to be given."""
    rules = (ModelVersion.objects.serving(timezone.localdate()) or ModelVersion.objects.first_version()).rules
    return [tier.code for tier in reversed(rules.tiers)]


def may_propose(user: Any, client: Client) -> bool:
    """Whether somebody may propose a tier for this client."""
    reach = user.scope_for("tiers.override")
    return bool(Client.objects.in_scope(reach).filter(pk=client.pk).exists())


def is_held(client: Client) -> bool:
    """Whether the client was held on the last night; only those have a tier."""
    return ClientStanding.objects.filter(client=client, held=True).exists()


@dataclass(frozen=True)
class Step:
    """What a close or night tells of a client, as far as the ladder asks."""

    day: date
    score: Decimal | None
    mature: bool


def next_tier(before: str, step: Step, past: Sequence[Decimal | None], rules: Definition) -> str:
    """The tier by the rules alone (S3, S8): `before` at the close before, `past` the scores at the closes
    before, newest first. '' for none."""
    codes = [tier.code for tier in rules.tiers]
    if not step.mature:
        return NEW
    if step.score is None:
        return before
    if before not in codes:
        return _plain(step.score, rules)
    higher = _plain(step.score - rules.up_margin, rules)
    if codes.index(higher) > codes.index(before):
        return higher
    falls = is_month_end(step.day) and _stood_below(before, step.score, past, rules)
    return codes[codes.index(before) - 1] if falls else before


def _plain(score: Decimal, rules: Definition) -> str:
    """The highest tier whose cut-off the score reaches."""
    reached = [tier.code for tier in rules.tiers if tier.cut is None or score >= tier.cut]
    return reached[-1]


def _stood_below(code: str, score: Decimal, past: Sequence[Decimal | None], rules: Definition) -> bool:
    tier = rules.tier(code)
    if tier is None or tier.cut is None:
        return False
    line, needed = tier.cut - rules.down_margin, tier.closes_before_down
    scores = [score, *past[:needed]]
    return len(scores) == needed + 1 and all(one is not None and one < line for one in scores)


Tiers = dict[tuple[int, date], tuple[str, str]]
"""By client and day: (tier as it is, tier that the rules alone would have given)."""


def with_and_without(client_ids: Iterable[int], days: Iterable[date]) -> Tiers:
    """Both tiers at closes or the last night, for clients with an override in the time before.

    Without: the ladder climbed again from the close before the first override that still bears on the day,
    with the scores as they were given. A day on which a client had no row is absent.
    """
    wanted = sorted(set(days))
    if not wanted:
        return {}
    ids, first = sorted(set(client_ids)), add_months(wanted[0].replace(day=1), -LOOK_BACK)
    closes = ScoreClose.objects.filter(client_id__in=ids, as_of__gte=first, as_of__lte=wanted[-1])
    steps: dict[int, list[dict[str, Any]]] = {}
    for row in closes.order_by("as_of").values(*BASE):
        steps.setdefault(row["client_id"], []).append(row)
    for day in wanted:
        if not is_month_end(day):
            for row in source(day).objects.filter(client_id__in=ids, as_of=day).values(*BASE):
                steps.setdefault(row["client_id"], []).append(row)
    versions = _rules()
    return {
        (client_id, row["as_of"]): pair
        for client_id, rows in steps.items()
        for row, pair in zip(rows, _climb(rows, versions), strict=True)
        if row["as_of"] in wanted
    }


def _rules() -> dict[int | None, Definition]:
    found: dict[int | None, Definition] = {one.pk: one.rules for one in ModelVersion.objects.all()}
    return {None: ModelVersion.objects.first_version().rules, **found}


def _climb(rows: list[dict[str, Any]], versions: dict[int | None, Definition]) -> list[tuple[str, str]]:
    """(as it is, by the rules alone) for each row, oldest first; a night comes after its closes."""
    found: list[tuple[str, str]] = []
    past: list[Decimal | None] = []
    before, last = "", None
    for row in rows:
        touched = row["tier_reason"] == "override" or any(given != ruled for given, ruled in found[-1:])
        ruled = row["tier"]
        if touched:
            before = before if last == previous_close(row["as_of"]) else ""
            step = Step(row["as_of"], row["score"], row["mature"])
            ruled = next_tier(before, step, past, versions[row["model_version_id"]])
        found.append((row["tier"], ruled))
        if is_month_end(row["as_of"]):
            past.insert(0, row["score"])
            before, last = ruled, row["as_of"]
    return found


def tier_without(row: Row) -> str:
    """The tier that the rules alone would have given on the row's date."""
    pair = with_and_without([row.client_id], [row.as_of]).get((row.client_id, row.as_of))
    return pair[1] if pair else row.tier
