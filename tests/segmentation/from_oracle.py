"""Puts the oracle's facts into the tables, so that the value model is tested apart from the loader."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from clients.models import FIRST_DAY, LAST_DAY, Client
from interactions.models import ServiceMonth
from staff.models import Unit
from tests.oracle.facts import Facts
from tests.oracle.reckon import client_month_rows
from tests.oracle.records import Client as ToldClient
from trading.models import ClientMonth, CustodyEvent, RecordSpan

SAME = ("days", "trading_days", "trades", "last_trade_on", "product_families", "assets_sum", "assets_end",
        "assets_peak", "turnover", "net_commission", "margin_interest", "cash_spread", "product_fee",
        "other_income", "inflow", "outflow")  # fmt: skip


class Seeder:
    """Clients and units once; the facts of each as-of date in their place."""

    def __init__(self, declared: dict[str, Decimal]) -> None:
        self.declared = declared
        self.units: dict[str, Unit] = {}
        self.clients: dict[str, Client] = {}

    def seed(self, facts: Facts) -> None:
        """Replaces all facts by those of a run as of facts.as_of."""
        for model in (ClientMonth, ServiceMonth, RecordSpan, CustodyEvent):
            model.objects.all().delete()
        for code, told in facts.units.newest.items():
            self.units.setdefault(
                code, Unit(code=code, name=code, kind=told["kind"], opened_on=date(2000, 1, 1))
            ).save()
        for no, told in facts.clients.items():
            self._client(no, told)
        RecordSpan.objects.bulk_create(
            span for no, told in facts.clients.items() for span in self._spans(no, told, facts)
        )
        self._months(facts)
        self._custody(facts)

    def _client(self, no: str, told: ToldClient) -> None:
        values = told.rows[-1].values
        known = self.clients.get(no) or Client(client_no=no)
        known.kind, known.name, known.id_type = told.kind, no, "other"
        known.branch = self.units[values["branch_code"]]
        known.status = values["status"]
        known.opened_on, known.closed_on = told.opened_on, told.closed_on
        known.told_on = told.rows[-1].day
        known.declared_outside_assets = self.declared.get(no)
        known.save()
        self.clients[no] = known

    def _spans(self, no: str, told: ToldClient, facts: Facts) -> list[RecordSpan]:
        merged = {unit["closed_on"] for unit in facts.units.newest.values() if unit["successor_code"]}
        starts = sorted({FIRST_DAY, *(row.day for row in told.rows[1:]), *(day for day in merged if day)})
        spans: list[RecordSpan] = []
        for start in starts:
            branch, manager = told.place_on(start)
            found = RecordSpan(
                client=self.clients[no], from_date=start, to_date=LAST_DAY, branch=self.units[branch],
                manager_no=manager, status=told.status_on(start), kind=told.kind, opened_on=told.opened_on,
                closed_on=told.closed_on, callback_passed_on=told.callback_passed_on,
                deceased_on=told.deceased_on,
            )  # fmt: skip
            if spans:
                spans[-1].to_date = start
            spans.append(found)
        return spans

    def _months(self, facts: Facts) -> None:
        months, services = [], []
        for row in client_month_rows(facts):
            place = {
                "client": self.clients[row["client_no"]], "month": date.fromisoformat(row["month"] + "-01"),
                "branch": self.units[row["branch"]], "manager_no": row["manager"],
            }  # fmt: skip
            months.append(ClientMonth(**place, **{name: row[name] for name in SAME}))
            if row["service_cost"]:
                services.append(ServiceMonth(**place, cost=row["service_cost"]))
        ClientMonth.objects.bulk_create(months)
        ServiceMonth.objects.bulk_create(services)

    def _custody(self, facts: Facts) -> None:
        numbers: dict[str, int] = defaultdict(int)
        for row in facts.truth.events["custody"]:
            no = row.values["client_no"]
            numbers[no] += 1
            CustodyEvent.objects.create(
                client=self.clients[no], feed_day=row.day, event_no=f"{no}-{numbers[no]}", kind="custody_out",
                value=0, residual_assets=row.values["residual_assets"],
            )  # fmt: skip
