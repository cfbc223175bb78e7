"""A small firm for the scorecards' tests: events, records, tiers and facts as earlier steps leave them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clients.models import FIRST_DAY, LAST_DAY, Client
from core.models import Run, RunStep
from core.runs import RunContext
from kpis import recompute
from kpis.models import Passage, Scorecard, Target, TargetGroup
from kpis.rules.passages import COUNTS
from segmentation.models import ClientScore, LifecycleEvent, ModelVersion, ScoreClose
from staff.models import Unit
from trading.models import ClientMonth, DirtyClient, RecordSpan

RATES = {"new": ("0.02", "0.08"), "lost": ("0.08", "0.03"), "upgraded": ("0.02", "0.10")}
GROUPS = {"H": (2000, 6000), "M": (200, 800), "L": (0, 60)}
SHOWN = [name for name in COUNTS if name != "flash"] + ["flash"]


def day(text: str) -> date:
    """'2026-07-31', or a month for its first day."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01")


@dataclass
class World:
    """A firm with facts from `first` on."""

    units: dict[str, Unit]
    first: date = date(2026, 4, 1)
    clients: dict[str, Client] = field(default_factory=dict)

    def client(
        self,
        no: str,
        branch: str = "1001",
        manager: str = "",
        *,
        moves: Iterable[tuple[str, str, str]] = (),
        id_index: bytes | None = None,
    ) -> Client:
        """A client with its record; moves: (from, branch, manager)."""
        client = Client.objects.create(
            client_no=no, kind="individual", name=f"客户{no}", id_type="other", branch=self.units[branch],
            manager_no=manager, status="normal", opened_on=date(2020, 1, 1), told_on=date(2020, 1, 1),
        )  # fmt: skip
        places = [(FIRST_DAY, branch, manager), *((day(start), *place) for start, *place in moves)]
        for (start, unit, number), end in zip(
            places, [*(place[0] for place in places[1:]), LAST_DAY], strict=True
        ):
            RecordSpan.objects.create(
                client=client, from_date=start, to_date=end, branch=self.units[unit], manager_no=number,
                status="normal", kind="individual", opened_on=date(2020, 1, 1), id_index=id_index,
            )  # fmt: skip
        Client.objects.filter(pk=client.pk).update(branch=self.units[places[-1][1]], manager_no=places[-1][2])
        self.clients[no] = client
        return client

    def event(self, no: str, on: str, event: str, reason: str = "") -> None:
        client = self.clients[no]
        LifecycleEvent.objects.create(
            client=client, on_date=day(on), event=event, reason=reason, month=day(on).replace(day=1),
            branch=client.branch, manager_no=client.manager_no,
        )  # fmt: skip

    def held(self, no: str, branch: str = "1001", manager: str = "", **more: Any) -> Client:
        """A client held since long before all periods."""
        client = self.client(no, branch, manager, **more)
        self.event(no, "2024-03-31", "EFFECTIVE")
        return client

    def tier(self, no: str, on: str, tier: str, version: int = 1) -> None:
        """The tier at a month close."""
        self._score(ScoreClose, no, on, tier, version)

    def tonight(self, no: str, on: str, tier: str) -> None:
        """The tier of the night of a running period."""
        self._score(ClientScore, no, on, tier, 1)

    def _score(self, model: Any, no: str, on: str, tier: str, version: int) -> None:
        client = self.clients[no]
        model.objects.create(
            client=client, as_of=day(on), tier=tier, branch=client.branch, manager_no=client.manager_no,
            model_version=ModelVersion.objects.get(number=version),
        )  # fmt: skip

    def month(
        self, no: str, when: str, profit: Any = 0, days: int = 30, branch: str = "1001", manager: str = ""
    ) -> None:
        """Facts of a month whose contribution is `profit`."""
        ClientMonth.objects.create(
            client=self.clients[no], month=day(when), branch=self.units[branch], manager_no=manager,
            days=days, trading_days=20, assets_sum=0, turnover=0, trades=0, margin_interest=0, cash_spread=0,
            net_commission=Decimal(str(profit)), product_fee=0, other_income=0, inflow=0, outflow=0,
        )  # fmt: skip

    def targets(
        self, period_type: str = "quarter", unit: str = "firm", from_start: date = FIRST_DAY, **changed: Any
    ) -> Target:
        """Approved targets as of the worked example."""
        unit_type, _, code = unit.partition(":")
        rates = {name: pair for name, pair in {**RATES, **changed}.items() if name in RATES and pair}
        limits = {
            f"{name}_{side}": pair[end]
            for name, pair in rates.items()
            for end, side in enumerate(("floor", "target"))
        }
        target = Target.objects.create(
            period_type=period_type, unit_type=unit_type, unit_code=code, from_start=from_start,
            state=Target.State.APPROVED, proposed_by="test", **limits,
        )  # fmt: skip
        for name, (floor, limit) in changed.get("groups", GROUPS).items():
            TargetGroup.objects.create(owner=target, name=name, floor=floor, target=limit)
        return target

    def run(self, as_of: str, *, since: str | None = None, dirty: dict[str, str] | None = None) -> Run:
        """The scorecards step as of a day; all months from scratch unless `since` names the first for all."""
        run = Run.objects.create(as_of=day(as_of), requested_by="test")
        DirtyClient.objects.all().delete()
        for no, when in (dirty or {}).items():
            DirtyClient.objects.create(client=self.clients[no], from_month=day(when))
        all_from = day(since) if since else self.first
        context = RunContext(run, day(as_of), all_from, self.first, ((1, 10**12),))
        step = RunStep.objects.create(run=run, position=0, name="scorecards")
        recompute.scorecards(context, step)
        Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
        return run

    def card(self, period: str, unit: str = "branch:1001", revision: int | None = None) -> Scorecard:
        """The unit's current card, or a revision of it."""
        unit_type, _, code = unit.partition(":")
        which = {"current": True} if revision is None else {"revision": revision}
        return Scorecard.objects.get(period=period, unit_type=unit_type, unit_code=code, **which)

    def counts(self, period: str, unit: str = "branch:1001") -> str:
        """The counts above 0, as 'B=2 E=2 S=2'."""
        counts = self.card(period, unit).counts
        return " ".join(f"{name}={counts[name]}" for name in SHOWN if counts[name])

    def all_counts(self, period: str, unit_type: str) -> dict[str, str]:
        """Every unit of a type with its counts above 0."""
        cards = Scorecard.objects.filter(period=period, unit_type=unit_type, current=True)
        return {
            code: self.counts(period, f"{unit_type}:{code}" if code else unit_type)
            for code in cards.order_by("unit_code").values_list("unit_code", flat=True)
        }

    def passages(self, period: str) -> list[tuple[str, str, str, str]]:
        """(client, kind, opening branch, closing branch) of the passages in force."""
        rows = Passage.objects.filter(period=period, to_build=None).order_by("client__client_no")
        return list(rows.values_list("client__client_no", "kind", "opening_branch", "closing_branch"))
