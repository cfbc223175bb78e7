"""Saved segments under the clock: counting while building, lists by a segment, the night with ten of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.models import RunStep
from crm.bench import nights
from crm.bench.clock import seconds, timing
from crm.bench.fill import Say
from crm.bench.pages import get, signed_in
from segmentation import building
from segmentation.actions.segments import SegmentTold, write_segment
from segmentation.models import Segment, SegmentMember
from segmentation.queries.rows import kept_dates
from staff.models import Person
from staff.roles import Role


def _on(field: str, op: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value, **more}


DAYS, MONTHS = {"unit": "days"}, {"unit": "months"}
RULES: dict[str, dict[str, Any]] = {
    "best, at risk, not spoken to": {"all": [
        _on("tier", "in", ["V4", "V5"]), _on("flags", "any", ["at_risk"]),
        _on("contact", "not_in_last", "30", **DAYS),
    ]},
    "gold and above, not spoken to": {"all": [
        _on("tier", "in", ["V3", "V4", "V5"]), _on("contact", "not_in_last", "90", **DAYS),
    ]},
    "worth much either way": {"any": [
        _on("contribution", "gte", "10000", months="12"), _on("assets_end", "gte", "500000"),
    ]},
    "older and risky": {"all": [_on("age", "gte", "60"), _on("risk_level", "in", ["C4", "C5"])]},
    "money came in": {"all": [_on("inflow", "gte", "100000", months="3"), _on("tier", "not_in", ["V5"])]},
    "asleep with assets": {"all": [
        _on("last_trade_on", "older", "6", **MONTHS), _on("assets_end", "gte", "10000"),
    ]},
    "almost platinum": {"all": [_on("score", "between", ["67", "72"]), _on("tier", "in", ["V3"])]},
    "new and left alone": {"all": [
        _on("opened_on", "in_last", "90", **DAYS), {"none": [_on("contact", "ever")]},
    ]},
    "neither new nor small": {"none": [_on("tier", "in", ["V1", "NEW"]), _on("score", "empty")]},
    "risk to be assessed": {"all": [
        _on("risk_assessed_on", "older", "24", **MONTHS), _on("assets", "gte", "50000", months="3"),
    ]},
}  # fmt: skip
SCANNED = """
    SELECT count(*), max(client.opened_on), sum(standing.score), max(score.contribution_12m)
    FROM clients_client AS client
    LEFT JOIN clients_clientstanding AS standing ON standing.client_id = client.id
    LEFT JOIN segmentation_clientscore AS score ON score.client_id = client.id
"""


def measure(say: Say) -> None:
    """Milliseconds of the pages; seconds of the night, and how many scans of all clients that is."""
    yardstick = min(seconds(_scan) for _time in range(3))
    say(f"yardstick, one serial scan of all clients with standing and score: {yardstick:.2f} s")
    kept = _kept()
    _night(say, kept, yardstick)
    measure_pages(say, kept)


def measure_pages(say: Say, kept: list[Segment]) -> None:
    """Counting while building, the client list by a segment and by cells of the segment pages."""
    browsers = {
        "firm": signed_in(Role.TEAM_LEAD, "HQ"),
        "branch": signed_in(Role.BRANCH_MANAGER, "5001"),
    }
    for who, browser in browsers.items():
        say(f"  counting while building, reader of the {who}")
        for name, rule in RULES.items():
            _count(say, browser, name, rule)
    for who, browser in browsers.items():
        say(f"  client list by a segment, reader of the {who}")
        for segment in kept:
            _list(say, browser, segment.name, {"segment": str(segment.pk)})
    for who, browser in browsers.items():
        say(f"  client list by a cell, reader of the {who}")
        for name, cell in _cells().items():
            _list(say, browser, name, cell)


def _list(say: Say, browser: Any, name: str, narrowed: dict[str, str]) -> None:
    path = reverse("clients:list")
    orders = ("client_no", "-score", "-assets") * 3
    _say_times(say, name, [get(browser, path, {**narrowed, "sort": sort}) for sort in orders])


def _cells() -> dict[str, dict[str, str]]:
    """Usual and rare cells of the last night, of a close, of a migration and of a cohort."""
    close = kept_dates().closes[-1].isoformat()
    return {
        "usual cell": {"current": "1", "potential": "1"},
        "rare cell": {"current": "4", "potential": "0"},
        "cell of a branch": {"current": "3", "potential": "3", "unit": "branch:5001"},
        "matrix": {"matrix": "core"},
        "tier of a class": {"asset_class": "large", "tier_on": "V3"},
        "most valuable": {"contribution_from": "20000"},
        "tier at a close": {"on": close, "tier_on": "V5"},
        "cell at a close": {"on": close, "current": "4", "potential": "0"},
        "from tier to tier": {"since": close, "tier_since": "V3", "tier_on": "V2"},
        "who rose": {"since": close, "moved": "rose"},
        "cohort": {"opened": "2025-Q1", "seen_on": "2025-06-30", "kept": "held"},
    }


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(SCANNED)
        cursor.fetchall()
        cursor.execute("RESET max_parallel_workers_per_gather")


def _count(say: Say, browser: Any, name: str, rule: dict[str, Any]) -> None:
    address, told = reverse("segmentation:saved_count"), _typed(rule)

    def call() -> None:
        response = browser.post(address, told, secure=True)
        if response.status_code != 200 or b"rule-words" not in response.content:
            raise RuntimeError(f"{address} answered {response.status_code} to {name}")

    _say_times(say, name, [call] * 9)


def _typed(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule as the builder's form sends it."""
    told: dict[str, Any] = {}
    for node in building.of_rule(rule).walk():
        if node.is_group:
            told[f"{node.place}.join"] = node.join
        else:
            asked = {"field": node.key, "op": node.op, "unit": node.unit, "months": node.months}
            told |= {f"{node.place}.{name}": value for name, value in asked.items()}
            told[f"{node.place}.value"] = node.values
    return told


def _say_times(say: Say, name: str, calls: list[Callable[[], None]]) -> None:
    found = timing(calls)
    say(f"    {name:<30} p50 {found.p50:7.1f} ms   p95 {found.p95:7.1f} ms")


def _kept() -> list[Segment]:
    """Ten segments of the firm, made anew; every later night of this database works them out too."""
    signed_in(Role.VALUE_ANALYST, "HQ")
    analyst = Person.objects.get(username=f"bench.{Role.VALUE_ANALYST}")
    Segment.objects.filter(owner=analyst, name__in=RULES).delete()
    for name, rule in RULES.items():
        write_segment(actor=analyst, told=SegmentTold(name=name, rule=rule, sharing="firm"))
    return list(Segment.objects.filter(owner=analyst, name__in=RULES).order_by("pk"))


def _night(say: Say, kept: list[Segment], yardstick: float) -> None:
    """The step alone: once as it was last night (the first time everybody comes), then a day later."""
    last = RunStep.objects.filter(name="scores", state="done").order_by("-run__as_of").first()
    as_of = last.run.as_of if last else timezone.localdate()
    for day in (as_of, as_of + timedelta(days=1)):
        _one_night(say, kept, day, yardstick)


def _one_night(say: Say, kept: list[Segment], as_of: date, yardstick: float) -> None:
    before = _seen(kept)
    step, spent = nights.one_step("segments", as_of)
    times = spent / yardstick / len(kept)
    say(f"night of {len(kept)} segments as of {as_of}: {spent:.1f} s, {times:.2f} x the yardstick for each")
    say(f"  {step.rows:,} rows; {before:,} members before, {_seen(kept):,} after")


def _seen(kept: list[Segment]) -> int:
    return SegmentMember.objects.filter(segment__in=kept, left_on__isnull=True).count()
