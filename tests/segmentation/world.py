"""A small world of facts for tests: rows as the trading steps leave them, and runs over them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from clients.models import FIRST_DAY, LAST_DAY, Client
from core.audit import SystemActor
from core.models import Run, RunStep
from core.runs import RunContext, begin_step, end_step
from interactions.models import ServiceMonth
from outreach.models import Callback, CallbackProgramme
from segmentation import recompute
from segmentation.actions.publishing import publish_breakpoints
from segmentation.dates import add_months, month_end, months_between
from segmentation.models import ClientScore, LifecycleEvent, ModelVersion, ScoreClose
from staff.models import Unit
from trading.models import ClientMonth, CustodyEvent, DirtyClient, RecordSpan

STEPS = (recompute.lifecycle_events, recompute.scores, recompute.tiers, recompute.standing)
ZERO = Decimal(0)


def month(text: str) -> date:
    """'2025-03' -> 1 March 2025."""
    return date.fromisoformat(f"{text}-01")


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class World:
    """Facts from `first` on; every client is on record with branch 1001 unless told otherwise."""

    units: dict[str, Unit]
    first: date = date(2024, 1, 1)
    shards: tuple[tuple[int, int], ...] = ((1, 10**12),)
    clients: dict[str, Client] = field(default_factory=dict)
    steps: tuple[Callable[[RunContext, RunStep], None], ...] = STEPS
    context: RunContext = field(init=False)

    def client(self, no: str = "C1", **told: Any) -> Client:
        """A client with its record; `moves` are (from, branch, manager), `statuses` (from, status)."""
        moves, statuses = told.pop("moves", []), told.pop("statuses", [])
        deceased_on = told.pop("deceased_on", None)
        base = {
            "kind": "individual", "opened_on": date(2020, 1, 1), "closed_on": None,
            "callback_passed_on": date(2020, 1, 2), "manager_no": "",
        } | told  # fmt: skip
        unit = self.units[base.pop("branch", "1001")]
        status = base.pop("status", "normal")
        if base["closed_on"]:
            statuses = [*statuses, (base["closed_on"].isoformat(), "closed")]
        client = Client.objects.create(
            client_no=no,
            name=no,
            id_type="other",
            branch=unit,
            status="closed" if base["closed_on"] else status,
            told_on=date(2020, 1, 1),
            **base,
        )
        self.clients[no] = client
        self._spans(client, base, unit, status, moves, statuses, deceased_on)
        return client

    def _spans(
        self,
        client: Client,
        base: dict,
        unit: Unit,
        status: str,
        moves: list,
        statuses: list,
        deceased_on: Any,
    ) -> None:
        starts = sorted(
            {FIRST_DAY, *(day(move[0]) for move in moves), *(day(change[0]) for change in statuses)}
        )
        place, state = (unit, base["manager_no"]), status
        for start, end in zip(starts, [*starts[1:], LAST_DAY], strict=True):
            place = next(((self.units[m[1]], m[2]) for m in moves if day(m[0]) == start), place)
            state = next((change[1] for change in statuses if day(change[0]) == start), state)
            RecordSpan.objects.create(
                client=client, from_date=start, to_date=end, branch=place[0], manager_no=place[1],
                status=state, kind=base["kind"], opened_on=base["opened_on"], closed_on=base["closed_on"],
                callback_passed_on=base["callback_passed_on"], deceased_on=deceased_on,
            )  # fmt: skip

    def month(
        self, client: Client, when: str, assets: Any = 0, *, days: int = 20, **facts: Any
    ) -> ClientMonth:
        """A ClientMonth row; `assets` is its assets_avg, the other facts are as named there."""
        unit = self.units[facts.pop("branch", "1001")]
        manager = facts.pop("manager_no", client.manager_no)
        money = ("turnover", "net_commission", "margin_interest", "cash_spread", "product_fee",
                 "other_income", "inflow", "outflow")  # fmt: skip
        values = {name: Decimal(str(facts.pop(name, 0))) for name in money}
        total = Decimal(str(facts.pop("assets_sum", Decimal(str(assets)) * days)))
        last_trade_on = facts.pop(
            "last_trade_on", month(when).replace(day=15) if facts.get("trades") else None
        )
        defaults = {"assets_end": Decimal(str(assets)) if days else None, "assets_peak": None, "trades": 0}
        return ClientMonth.objects.create(
            client=client, month=month(when), branch=unit, manager_no=manager, days=30, trading_days=days,
            assets_sum=total, last_trade_on=last_trade_on, **values, **(defaults | facts),
        )  # fmt: skip

    def months(self, client: Client, first: str, last: str, assets: Any = 0, **facts: Any) -> None:
        """The same facts in every month from first to last."""
        for when in months_between(month(first), month(last)):
            self.month(client, when.isoformat()[:7], assets, **facts)

    def service(self, client: Client, when: str, cost: Any) -> None:
        ServiceMonth.objects.create(client=client, month=month(when), branch=self.units["1001"], cost=cost)

    def custody(self, client: Client, on: str, residual: Any, **more: Any) -> None:
        values = {"event_no": f"E{client.pk}{on}", "kind": "custody_out", "value": 1} | more
        CustodyEvent.objects.create(client=client, feed_day=day(on), residual_assets=residual, **values)

    def run(self, as_of: str, *, since: str | None = None, dirty: dict[Client, str] | None = None) -> Run:
        """The model's steps as of a day, from scratch unless `since` names the first month for all."""
        run = Run.objects.create(as_of=day(as_of), requested_by="test")
        DirtyClient.objects.all().delete()
        for client, when in (dirty or {}).items():
            DirtyClient.objects.create(client=client, from_month=month(when))
        self.context = RunContext(
            run, day(as_of), month(since) if since else self.first, self.first, self.shards
        )
        for position, work in enumerate(self.steps):
            RunStep.objects.create(run=run, position=position, name=work.__name__)
        return self.go_on()

    def go_on(self) -> Run:
        """Does what is left of the run: all of a new one, the rest of one that was killed."""
        run = self.context.run
        for step, work in zip(run.steps.order_by("position"), self.steps, strict=True):
            if step.state != Run.State.DONE:
                begin_step(step)
                work(self.context, step)
                end_step(step)
        Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
        return run

    def publish(self, as_of: str) -> ModelVersion:
        """Breakpoints from the figures that stand for the day."""
        return publish_breakpoints(
            as_of=day(as_of),
            proposer=SystemActor("analyst"),
            approver=SystemActor("second"),
            short_history=True,
        )

    def events(self, client: Client) -> list[tuple[str, str, str]]:
        """(date, event, reason) in order."""
        found = LifecycleEvent.objects.filter(client=client).order_by("on_date")
        order = {"EFFECTIVE": 0, "REACTIVATED": 0}
        rows = sorted(found, key=lambda event: (event.on_date, order.get(event.event, 1)))
        return [(event.on_date.isoformat(), event.event, event.reason) for event in rows]

    def close(self, client: Client, as_of: str) -> ScoreClose:
        return ScoreClose.objects.get(client=client, as_of=day(as_of))

    def score_rows(self, client: Client) -> list[ClientScore]:
        return list(ClientScore.objects.filter(client=client))

    def tonight(self, client: Client) -> ClientScore:
        return ClientScore.objects.get(client=client)


def close_of(when: str) -> date:
    """'2025-03' -> 31 March 2025."""
    return month_end(month(when))


def months_later(when: str, count: int) -> str:
    """('2025-11', 3) -> '2026-02'."""
    return add_months(month(when), count).isoformat()[:7]


def passed(client: Client, on: date, kind: str = "new_account", **fields: Any) -> None:
    """A callback that the firm itself made and that passed on this day."""
    moment = datetime.combine(on, time(10), UTC)
    Callback.objects.create(
        client=client, kind=kind, programme=CallbackProgramme.objects.get(kind=kind), branch=client.branch,
        occasion_on=on, due_on=on, next_at=moment, ended_at=moment, state="passed", passed_on=on, **fields,
    )  # fmt: skip
