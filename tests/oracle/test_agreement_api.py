"""What other systems read through the API after the last night is what the oracle reckons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client as Caller

from core import audit
from staff.clients import create_api_client
from tests import databases
from tests.cast import token_for

from .compare import differences
from .config import Config
from .conftest import Nights
from .nights import LAST
from .reckon import Expected, Oracle

pytestmark = pytest.mark.xdist_group("agreement")
SCOPES = ("clients:read", "scores:read", "scorecards:read")
LISTED = (
    "tier", "score", "provisional", "model_version", "tier_since", "tier_rule", "matrix", "stage", "flags",
    "clv",
)  # fmt: skip
ON_CARDS = ("start", "end", "counts", "indicators", "total", "completeness", "flags")


class Api:
    """A caller at headquarters that reads every page of a list."""

    def __init__(self) -> None:
        made = create_api_client(actor=audit.SYSTEM, name="reader", scopes=SCOPES, unit_codes=("HQ",))
        self.caller = Caller(headers={"Authorization": f"Bearer {token_for(made.client)}"})

    def one(self, path: str) -> Any:
        answer = self.caller.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def all(self, path: str) -> list[dict[str, Any]]:
        page = self.one(path)
        rows = page["results"]
        while page["next"]:
            page = self.caller.get(page["next"]).json()
            rows += page["results"]
        return list(rows)


@pytest.fixture
def api(nights: Nights, django_db_blocker: Any) -> Iterator[Api]:
    with django_db_blocker.unblock(), databases.pointed_at(nights.database):
        yield Api()


@pytest.fixture(scope="module")
def reckoned(oracle: Oracle, published: Config) -> Expected:
    return oracle.expected(LAST, published)


def test_lists_of_scores(api: Api, reckoned: Expected) -> None:
    for day, rows in reckoned.standings.items():
        found = api.all(f"scores/?as_of={day}&page_size=500")
        assert differences(rows, found, ("client_no", "as_of"), LISTED) == [], day


def test_every_client_s_score_with_its_indicators(api: Api, reckoned: Expected) -> None:
    wanted = [_document(row) for row in reckoned.standings[LAST]]
    found = [api.one(f"clients/{row['client_no']}/score/") for row in wanted]
    assert differences(wanted, found, ("client_no", "as_of")) == []


def _document(row: dict[str, Any]) -> dict[str, Any]:
    """The oracle's row as the API nests it."""
    axes: dict[str, Any] = {}
    for known in Config().model.indicators:
        axis = axes.setdefault(known.axis, {"score": row["axes"].get(known.axis), "indicators": {}})
        score = row["indicators"].get(known.name)
        axis["indicators"][known.name] = {"raw": row["raw"][known.name], "score": score}
    kept = {name: row[name] for name in ("client_no", "as_of", *LISTED)}
    return {**kept, "axes": axes}


def test_months_and_events_of_every_client(api: Api, reckoned: Expected) -> None:
    clients = sorted({row["client_no"] for row in reckoned.client_months})
    months = _of_each(api, clients, "months")
    assert differences(reckoned.client_months, months, ("client_no", "month", "branch", "manager")) == []
    events = _of_each(api, clients, "events")
    names = ("reason", "branch", "manager")
    assert differences(reckoned.events, events, ("client_no", "date", "event"), names) == []


def _of_each(api: Api, clients: list[str], name: str) -> list[dict[str, Any]]:
    return [
        {**row, "client_no": no} for no in clients for row in api.all(f"clients/{no}/{name}/?page_size=500")
    ]


def test_migrations_between_the_last_closes(api: Api, reckoned: Expected) -> None:
    found = api.one(f"tier-migrations/?from={date(2026, 2, 28)}&to={LAST}")["results"]
    assert differences(reckoned.migrations, found, ("from", "to")) == []


def test_cards_of_every_period(api: Api, reckoned: Expected) -> None:
    for period, cards in reckoned.cards.items():
        found = api.all(f"scorecards/?period={period}&page_size=500")
        assert differences(cards, found, ("unit.type", "unit.code"), ON_CARDS) == [], period


def test_clients_behind_the_cards_of_regions_and_the_firm(api: Api, reckoned: Expected) -> None:
    for card in reckoned.cards["2026-Q1"]:
        if card["unit"]["type"] in ("region", "firm"):
            label = ":".join(filter(None, (card["unit"]["type"], card["unit"]["code"])))
            (found,) = api.all(f"scorecards/?period=2026-Q1&unit={label}")
            for number, clients in card["members"].items():
                rows = api.all(f"scorecards/{found['id']}/clients/?number={number}&page_size=500")
                assert [row["client_no"] for row in rows] == clients, (label, number)
