"""The clients behind a number of the segment pages: what narrows the client list to a cell.

On the last night a cell is asked of the standing and the night's rows, at a month close of the close's rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from clients.models import FIRST_DAY, Client, ClientStanding
from segmentation.dates import add_months, is_month_end
from segmentation.definition import NEW, Definition
from segmentation.models import CellFigure, ClientScore, LifecycleEvent, ModelVersion, ScoreClose
from segmentation.queries import units
from segmentation.queries.figures import BANDS, MISSING, band_edges
from segmentation.queries.rows import kept_dates
from staff.scope import Scope
from trading.models import RecordSpan

NONE = "none"  # a tier: held without one, or at an end of a migration not in any tier
ROSE, FELL, STAYED, CAME, WENT = "rose", "fell", "stayed", "came", "went"
EDGE = 0.0000000005  # scores are compared as they are stored: within half of the ninth place
IN_TIME = ("EFFECTIVE", "REACTIVATED")
OUT = ("LOST", "EXCLUDED")
EVERYBODY = 2**31 - 1
RARE = 20_000


@dataclass(frozen=True)
class Wanted:
    """What a cell is named by; None where it was not asked.

    on: the last night or a month close (None: the last night). unit: as in `units.named`, of record on that
    date. since: an earlier close, from which clients moved. opened: first day of a quarter, seen_on: the end
    of a later one; of a cohort the unit is that of the client when it became effective.
    """

    on: date | None = None
    unit: str | None = None
    tier_on: str | None = None
    current: int | None = None
    potential: int | None = None
    matrix: str | None = None
    asset_class: str | None = None
    contribution_from: Decimal | None = None
    since: date | None = None
    tier_since: str | None = None
    moved: str | None = None
    opened: date | None = None
    seen_on: date | None = None
    kept: str | None = None

    @property
    def has_cohort(self) -> bool:
        return self.opened is not None

    @property
    def changed_tier(self) -> bool:
        """Whether all who are meant have another tier than they had at the earlier close."""
        both = self.tier_since is not None and self.tier_on is not None
        return self.moved in (ROSE, FELL) or (both and self.tier_since != self.tier_on)

    @property
    def has_date(self) -> bool:
        """Whether anything is asked of a date's rows, beside a cohort."""
        others = {"opened", "seen_on", "kept"} | ({"unit"} if self.has_cohort else set())
        return any(getattr(self, one.name) is not None for one in fields(self) if one.name not in others)


def narrowed(clients: QuerySet[Client], wanted: Wanted, scope: Scope) -> QuerySet[Client]:
    """Those of the clients that are in the cell; none of a date without figures or a unit out of sight."""
    try:
        if wanted.has_cohort:
            clients = _of_cohort(clients, wanted, scope)
        return _of_date(clients, wanted, scope) if wanted.has_date else clients
    except units.UnitUnknown:
        return clients.none()


def _of_date(clients: QuerySet[Client], wanted: Wanted, scope: Scope) -> QuerySet[Client]:
    kept = kept_dates()
    on = wanted.on or kept.night
    if on is None or on not in kept or (wanted.since is not None and wanted.since not in kept):
        return clients.none()
    unit = units.UnitChoice(firm=True)
    if wanted.unit and not wanted.has_cohort:
        unit = units.named(wanted.unit, scope, on)
    if wanted.since is not None:
        return _moved(clients, wanted, _End(wanted.since, kept.night), _End(on, kept.night), unit)
    is_wide = unit.firm and scope.firm
    return _End(on, kept.night).narrow(
        clients, _told(wanted, on), unit, is_rare=is_wide and _is_rare(wanted, on)
    )


@dataclass(frozen=True)
class _End:
    """A date's rows: the standing of the last night, or those of a close."""

    day: date
    night: date | None

    @property
    def is_close(self) -> bool:
        return self.day != self.night or is_month_end(self.day)

    @property
    def rows(self) -> QuerySet:
        if self.is_close:
            return ScoreClose.objects.filter(as_of=self.day)
        return ClientStanding.objects.filter(held=True)

    def narrow(
        self, clients: QuerySet, told: "_Conditions", unit: units.UnitChoice, *, is_rare: bool
    ) -> QuerySet:
        """The clients whose row of the date meets the conditions."""
        if self.is_close:
            rows = unit.narrow(self.rows).filter(told.of_close())
            return clients.filter(pk__in=_at_once(rows) if is_rare else rows.values("client_id"))
        clients = clients.filter(Q(standing__held=True) & unit.condition("standing__") & told.of_night())
        if told.score:
            rows = ClientScore.objects.filter(**told.score)
            clients = clients.filter(pk__in=_at_once(rows) if is_rare else rows.values("client_id"))
        return clients

    def beside(self, rows: QuerySet) -> tuple[QuerySet, str]:
        """Rows of another date with this one's beside them, and the path to these."""
        if not self.is_close:
            return rows.filter(client__standing__held=True), "client__standing"
        same_day = Q(client__closes__as_of=self.day)
        return rows.annotate(beside=FilteredRelation("client__closes", condition=same_day)), "beside"

    def without(self, rows: QuerySet, codes: Sequence[str]) -> QuerySet:
        """Those of another date's rows whose clients had none of these tiers on this one."""
        return rows.filter(~Exists(self.rows.filter(client_id=OuterRef("client_id"), tier__in=codes)))


def _at_once(rows: QuerySet) -> QuerySet:
    """The clients of rows that are found first, before anything is asked of the clients: the limit keeps the
    database from asking client by client in the list's order, which takes seconds where few are meant."""
    return rows.order_by().values("client_id")[:EVERYBODY]


@dataclass(frozen=True)
class _Conditions:
    """What is asked of a row, by the names of its columns; those of assets and scores differ by table."""

    row: dict[str, Any]
    score: dict[str, Any]
    assets: tuple[Decimal | None, Decimal | None]

    def of_night(self) -> Q:
        found = Q(**{f"standing__{name}": value for name, value in self.row.items()})
        return found & _between("standing__assets", *self.assets)

    def of_close(self) -> Q:
        return Q(**self.row, **self.score) & _between("assets_end", *self.assets)


def _is_rare(wanted: Wanted, on: date) -> bool:
    """Whether so few of the firm are in the bands that a walk in a list's order would hardly meet them."""
    bands = {"current_band": wanted.current, "potential_band": wanted.potential}
    asked = {name: band for name, band in bands.items() if band is not None}
    found = CellFigure.objects.filter(as_of=on, **asked).aggregate(clients=Sum("clients"))
    return bool(asked) and (found["clients"] or 0) < RARE


def _told(wanted: Wanted, on: date) -> _Conditions:
    row: dict[str, Any] = {}
    if wanted.tier_on is not None:
        row["tier"] = "" if wanted.tier_on == NONE else wanted.tier_on
    if wanted.matrix is not None:
        row["matrix"] = wanted.matrix
    if wanted.contribution_from is not None:
        row["contribution_12m__gte"] = wanted.contribution_from
    score = _in_band("current", wanted.current) | _in_band("potential", wanted.potential)
    return _Conditions(row, score, _class_edges(wanted.asset_class, on))


def _in_band(axis: str, band: int | None) -> dict[str, Any]:
    if band is None:
        return {}
    if band == MISSING:
        return {"score__isnull": False, f"{axis}__isnull": True}
    low, high = band_edges(band)
    above = {"score__isnull": False, f"{axis}__gte": low - EDGE}
    return above if band == BANDS[-1] else above | {f"{axis}__lt": high - EDGE}


def _class_edges(code: str | None, on: date) -> tuple[Decimal | None, Decimal | None]:
    """From which assets, and below which, a class of the old split reaches."""
    told = rules_of(on).class_params()
    if code not in told["class_codes"]:
        return None, None
    place, limits = told["class_codes"].index(code), [None, *told["class_limits"], None]
    return limits[place], limits[place + 1]


def rules_of(on: date) -> Definition:
    version = ModelVersion.objects.serving(on) or ModelVersion.objects.first_version()
    return version.rules


def _between(path: str, low: Decimal | None, high: Decimal | None) -> Q:
    """Without assets counts as nothing, as in segment_figure.sql."""
    found = Q(**{f"{path}__gte": low}) if low is not None else Q()
    if high is None:
        return found
    below = Q(**{f"{path}__lt": high})
    return found & (below | Q(**{f"{path}__isnull": True}) if low is None or low <= 0 else below)


def _moved(clients: QuerySet, wanted: Wanted, start: _End, end: _End, unit: units.UnitChoice) -> QuerySet:
    """Who had a tier at either end, by both; the unit is that of the later one, else of the earlier (S9)."""
    codes = [tier.code for tier in rules_of(end.day).tiers]
    everyone = [*codes, NEW]
    gone = unit.narrow(start.rows.filter(tier__in=everyone))
    gone = gone.filter(tier=wanted.tier_since) if wanted.tier_since else gone
    if wanted.tier_on == NONE or wanted.moved == WENT:
        return clients.filter(pk__in=_at_once(end.without(gone, everyone)))
    if wanted.tier_on is None and wanted.moved is None and wanted.tier_since not in (None, NONE):
        return clients.filter(pk__in=_at_once(gone))  # wherever they went
    rows = unit.narrow(end.rows.filter(tier__in=everyone))
    rows = rows.filter(tier=wanted.tier_on) if wanted.tier_on else rows
    if wanted.tier_since == NONE or wanted.moved == CAME:
        return clients.filter(pk__in=_at_once(start.without(rows, everyone)))
    if wanted.tier_since is None and wanted.moved is None and wanted.tier_on is None:
        gone = end.without(gone, everyone)
        return clients.filter(Q(pk__in=_at_once(rows)) | Q(pk__in=_at_once(gone)))
    if wanted.changed_tier and start.day < end.day:
        rows = rows.filter(tier_since__gt=start.day)  # who has another tier got it since
    return clients.filter(pk__in=_at_once(_compared(*start.beside(rows), wanted, codes)))


def _compared(rows: QuerySet, path: str, wanted: Wanted, codes: list[str]) -> QuerySet:
    """Rows by the tier at the earlier end: a given one, or below, above or as the later one."""
    if wanted.tier_since is not None:
        rows = rows.filter(**{f"{path}__tier": wanted.tier_since})
    if wanted.moved is None:
        return rows
    ranked = rows.annotate(before=_rank(f"{path}__tier", codes), after=_rank("tier", codes))
    so = {ROSE: Q(after__gt=F("before")), FELL: Q(after__lt=F("before")), STAYED: Q(after=F("before"))}
    return ranked.filter(so[wanted.moved], before__gte=0, after__gte=0)


def _rank(path: str, codes: Sequence[str]) -> Case:
    places = [When(**{path: code}, then=Value(place)) for place, code in enumerate(codes)]
    return Case(*places, default=Value(-1), output_field=IntegerField())


def _of_cohort(clients: QuerySet[Client], wanted: Wanted, scope: Scope) -> QuerySet[Client]:
    """Who was opened in a quarter and effective by a later date; of those, who was held on it, or not."""
    assert wanted.opened is not None
    seen_on = wanted.seen_on or kept_dates().night or wanted.opened
    opened = RecordSpan.objects.filter(
        from_date=FIRST_DAY, opened_on__gte=wanted.opened, opened_on__lt=add_months(wanted.opened, 3)
    )
    entries: QuerySet = LifecycleEvent.objects.filter(event="EFFECTIVE", on_date__lte=seen_on)
    if wanted.unit:
        entries = units.named(wanted.unit, scope, seen_on).narrow(entries)
    rows: QuerySet = opened.filter(Exists(entries.filter(client_id=OuterRef("client_id"))))
    if wanted.kept is not None:
        lost = Exists(_lost(seen_on))
        rows = rows.filter(lost if wanted.kept == "lost" else ~lost)
    return clients.filter(pk__in=_at_once(rows))


def _lost(until: date) -> QuerySet:
    """Losses that no return followed by a day: a client has one just when it is not held on that day."""
    own = LifecycleEvent.objects.filter(client_id=OuterRef("client_id"), on_date__lte=until)
    back = own.filter(event__in=IN_TIME, on_date__gt=OuterRef("on_date"))
    return own.filter(~Exists(back), event__in=OUT)


def quarter_last_day(quarter: date, age: int) -> date:
    """The last day of the quarter that lies `age` quarters after one."""
    return add_months(quarter, 3 * (age + 1)) - timedelta(days=1)
