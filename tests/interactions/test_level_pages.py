"""Ratios, pages and API of service levels."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from interactions import levels
from interactions.queries import levels as queries
from tests.interactions.test_levels import World, world

pytestmark = pytest.mark.django_db
__all__ = ["World", "world"]


def test_ratios_follow_the_formulas() -> None:
    sums = dict.fromkeys((*queries.COUNTS, *queries.SECONDS), 0) | {
        "offered": 10, "answered": 7, "answered_in_20": 5, "abandoned": 2, "abandoned_in_20": 1,
        "abandoned_in_5": 1, "answer_seconds": Decimal(70), "handled": 3, "handle_seconds": Decimal(100),
        "recommend_given": 4, "promoters": 1, "detractors": 2, "rated": 3, "satisfied": 2, "rating_sum": 11,
    }  # fmt: skip
    found = queries.ratios(sums)
    assert found["service_level"] == Decimal("0.625000")  # 5 of 7 + 2 - 1
    assert found["service_level_of_offered"] == Decimal("0.500000")
    assert found["abandonment"] == Decimal("0.200000")
    assert found["abandonment_without_short"] == Decimal("0.111111")
    assert (found["asa_seconds"], found["aht_seconds"]) == (Decimal(10), Decimal("33.333333"))
    assert (found["csat"], found["csat_mean"]) == (Decimal("0.666667"), Decimal("3.666667"))
    assert (found["nps"], found["fcr"]) == (Decimal(-25), None)
    assert set(found) == set(queries.VARIANTS)


@pytest.fixture
def day(world) -> date:
    """Calls of today at two units, in figures."""
    now = levels.midnight(levels.today()) + timedelta(seconds=1)
    for unit, agent in (("1001", world.cast.agent_1001), ("1002", world.cast.manager_1001a)):
        world.talk(
            now, unit=world.units[unit], answered_by=agent, answered_at=now + timedelta(seconds=20),
            ended_at=now + timedelta(seconds=80), satisfaction=5, client=world.clients[0],
        )  # fmt: skip
    world.talk(now, ended_at=now + timedelta(seconds=3))
    world.talk(now, waiting_since=now)
    levels.refresh()
    return levels.today()


PAGES = ("/desk/wall/", "/desk/wall/now/", "/desk/levels/", "/desk/levels/?since={day}&until={day}")


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_levels(day, cast, as_person, path: str, django_assert_max_num_queries) -> None:
    browser = as_person(cast.team_lead_1001)
    browser.get(path.format(day=day))
    with django_assert_max_num_queries(22):
        answer = browser.get(path.format(day=day))
    assert answer.status_code == 200
    assert answer.context["sums"]["offered"] == 3  # not the call of 1002
    tile = answer.context["tiles"][0]
    assert tile["value"] == "100.0%"


def test_history_as_a_file_and_narrowed(day, cast, as_person) -> None:
    browser = as_person(cast.branch_manager_1001)
    lines = browser.get("/desk/levels/?format=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("start,offered,answered,") and len(lines) == 2
    assert lines[1].startswith(f"{day},3,1,1,")
    narrowed = browser.get("/desk/levels/?channel=phone&agent=" + cast.agent_1001.username)
    assert narrowed.context["sums"]["offered"] == 1
    assert browser.get("/desk/levels/?unit=1002").status_code == 422
    assert browser.get("/desk/levels/?since=2020-01-01").status_code == 422


def test_own_day_shows_own_figures(day, cast, as_person, django_assert_max_num_queries) -> None:
    browser = as_person(cast.agent_1001)
    browser.get("/desk/day/")
    with django_assert_max_num_queries(22):
        answer = browser.get("/desk/day/")
    assert (answer.context["sums"]["handled"], answer.context["aht"]) == (1, "1:00")
    assert len(answer.context["contacts"]) == 1


def test_api_gives_counts_sums_and_named_ratios(day, cast, as_person) -> None:
    browser = as_person(cast.region_manager_r1)
    body = browser.get(f"/api/v1/service-levels/?from={day}&to={day}&by=half_hour&unit=1001").json()
    (row,) = body["results"]
    assert row["counts"]["offered"] == 3
    assert row["ratios"]["asa_seconds"] == "20.000000"
    assert row["seconds"]["handle_seconds"] == "60.000000"
    assert set(row["ratios"]) == set(body["variants"])
    assert browser.get("/api/v1/service-levels/?by=week").status_code == 400
