"""What the client page shows of trading: newest positions, trades by day and month, suitability, timeline."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, RiskWarning
from core.registry import Place, TimelineFilter
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client
from tests.trading.packages import DAY, NEXT, account, balance, holding, income, masters, product, trade
from trading.deals import trade_days, trade_months
from trading.positions import positions_of
from trading.timeline import timeline

pytestmark = pytest.mark.django_db
API = "/api/v1/clients/C1/"


def at(day: date, hour: int = 10) -> str:
    return f"{day}T{hour:02d}:00:00+08:00"


@pytest.fixture
def client(load: Any, cast: SimpleNamespace) -> Client:
    """C1 with two accounts, two days of balances and trades, and a snapshot of the first day only."""
    both = masters() | {"accounts.csv": [account("A1", "C1"), account("A2", "C1")]}
    both["products.csv"] = [
        product("F001", name="稳健一号"),
        product("F002", name="进取二号", risk_level="R5"),
    ]
    held = [holding("A1", market_value="300.00"), holding("A2", market_value="100.00")]
    held.append(holding("A1", "600000", market="SH", product_code="", market_value="600.00"))
    load(
        DAY,
        both
        | {
            "balances.csv": [balance("A1", "10")],
            "holdings.csv": held,
            "trades.csv": [
                trade("T1", traded_at=at(DAY)),
                trade("T2", side="sell", amount="400.00", traded_at=at(DAY, 11)),
            ],
        },
    )
    load(
        NEXT,
        {
            "balances.csv": [
                balance("A1", "1000", market_value="600", margin_debit="100"),
                balance("A2", "500"),
            ],
            "trades.csv": [trade("T3", "A2", traded_at=at(NEXT))],
        },
    )
    return Client.objects.get(client_no="C1")


def test_positions_are_those_of_the_newest_day(client: Client) -> None:
    found = positions_of(client)
    assert (found.balances_on, found.held_on) == (NEXT, DAY)
    assert [row.account.account_no for row in found.balances] == ["A1", "A2"]
    assert found.total == Decimal(1000 + 600 - 100 + 500)
    shown = [(one.code, one.name, one.value, one.share) for one in found.holdings]
    assert shown == [
        ("600000", "", Decimal(600), Decimal("0.3")),
        ("F001", "稳健一号", Decimal(400), Decimal("0.2")),  # of both accounts
    ]


def test_nothing_before_the_first_package(units: dict[str, Unit]) -> None:
    assert positions_of(make_client(units["1001"], "C000001")).balances_on is None


def test_days_and_months_of_trades(client: Client, facts: Any) -> None:
    days = trade_days([client.pk], until=NEXT, since=date.min, limit=10)
    assert [(day.on, day.trades, day.bought, day.sold) for day in days] == [
        (NEXT, 1, Decimal(1000), Decimal(0)),
        (DAY, 2, Decimal(1000), Decimal(400)),
    ]
    assert [day.on for day in trade_days([client.pk], until=DAY, since=DAY, limit=10)] == [DAY]
    facts(NEXT)
    [month] = trade_months(client, 12)
    assert (month.trades, month.turnover) == (3, Decimal(2400))


def test_the_timeline_has_one_item_a_day(client: Client) -> None:
    items = timeline(client.pk, None, Place(timezone.now()), 10)
    assert [item.at.date() for item in items] == [NEXT, DAY]
    assert len(items[1].notes) == 2
    assert timeline(client.pk, None, items[0].place, 10) == items[1:]
    assert timeline(client.pk, None, Place(timezone.now()), 10, TimelineFilter(who="somebody")) == []
    assert timeline(client.pk, None, Place(timezone.now()), 10, TimelineFilter(since=NEXT)) == items[:1]


def test_the_pages(client: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_hq)
    holdings = browser.get(reverse("trading_client:holdings", args=["C1"])).content.decode()
    assert "稳健一号" in holdings
    assert str(NEXT) in holdings
    trades = browser.get(reverse("trading_client:trades", args=["C1"])).content.decode()
    assert trades.index(str(NEXT)) < trades.index(str(DAY))
    assert browser.get(reverse("trading_client:trades", args=["C1"]), {"cursor": "broken"}).status_code == 200


def test_trades_are_paged_by_key(
    client: Client, cast: SimpleNamespace, as_person: Speak, monkeypatch: Any
) -> None:
    monkeypatch.setattr("trading.views.panels.TRADES", 2)
    browser, url = as_person(cast.agent_hq), reverse("trading_client:trades", args=["C1"])
    first = browser.get(url)
    assert [day for day, _rows in first.context["days"]] == [NEXT, DAY]
    second = browser.get(url, {"cursor": first.context["next"]})
    assert [[row.trade_no for row in rows] for _day, rows in second.context["days"]] == [["T1"]]
    assert second.context["next"] == ""


def assess(client: Client, level: str, on: date) -> None:
    Client.objects.filter(pk=client.pk).update(risk_level=level, risk_assessed_on=on)


def test_suitability_on_the_page(client: Client, cast: SimpleNamespace, as_person: Speak) -> None:
    assess(client, "C2", timezone.localdate())
    browser, url = as_person(cast.agent_hq), reverse("trading_client:suitability_answer", args=["C1"])

    def tones(product: str, who: str) -> list[str]:
        context = browser.get(url, {"product": product, "initiated_by": who}).context
        return [tone for _fit, tone, _form in context["fits"]]

    assert tones("F0", "client") == ["ok", "warn"]
    assert tones("进取", "firm") == ["bad"]
    assert tones("", "client") == tones("nothing", "client") == []
    warn = reverse("trading_client:suitability_warn", args=["C1"])
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    told = {"product": "F002", "manner": "video", "warned_at": now, "evidence": "SL-1"}
    assert browser.post(warn, told).status_code == 200
    assert RiskWarning.objects.get().product_name == "进取二号"
    assert browser.post(warn, told | {"product": "F001"}).status_code == 422
    assert browser.post(warn, told | {"product": "NONE"}).status_code == 422


def test_suitability_over_rest(client: Client, as_system: Speak, cast: SimpleNamespace) -> None:
    api = as_system("clients:read", "clients:write")
    assess(client, "C2", timezone.localdate())
    ask = f"{API}suitability/"
    assert api.get(ask, {"product": "F001", "initiated_by": "firm"}).json()["answer"] == "MATCH"
    answer = api.get(ask, {"product": "f002", "initiated_by": "client"}).json()
    assert (answer["answer"], answer["product_level"], answer["client_level"]) == ("WARN", "R5", "C2")
    assert api.get(ask, {"product": "F002", "initiated_by": "firm"}).json()["answer"] == "PROHIBIT"
    assert api.get(ask, {"product": "NONE", "initiated_by": "firm"}).status_code == 400
    told = {"product": "F002", "manner": "video", "warned_at": datetime.now().astimezone().isoformat()}
    url = f"{API}risk-warnings/"
    assert api.post(url, told, content_type="application/json").status_code == 201
    assert [row["product_code"] for row in api.get(url).json()["results"]] == ["F002"]
    later = told | {"warned_at": (timezone.now() + timedelta(days=1)).isoformat()}
    assert api.post(url, later, content_type="application/json").status_code == 400
    assess(client, "C2", date(2020, 1, 1))
    assert api.get(ask, {"product": "F001", "initiated_by": "client"}).json()["answer"] == "PROHIBIT"
    assert api.post(url, told, content_type="application/json").status_code == 409


def test_trades_and_incomes_of_a_month(
    client: Client, load: Any, cast: SimpleNamespace, as_person: Speak
) -> None:
    """What stands behind a month's contribution; a month that can't be read is not there."""
    later = NEXT + timedelta(days=1)
    load(later, {"incomes.csv": [income("I1", amount="88.50", kind="product_fee")]})
    browser = as_person(cast.agent_hq)

    def panel(kind: str, month: str = "", status: int = 200) -> str:
        answer = browser.get(
            reverse(f"trading_client:{kind}", args=["C1"]), {"month": month} if month else {}
        )
        assert answer.status_code == status
        return answer.content.decode()

    here, other = f"{DAY:%Y-%m}", "2020-01"
    assert str(DAY) in panel("trades", here)
    assert str(DAY) not in panel("trades", other)
    assert "88.50" in panel("incomes", f"{later:%Y-%m}")
    assert "88.50" in panel("incomes")
    assert "88.50" not in panel("incomes", other)
    for kind in ("trades", "incomes"):
        panel(kind, "2020-13", 404)
        panel(kind, "soon", 404)
