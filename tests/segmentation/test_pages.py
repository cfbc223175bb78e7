"""Pages of the value model: segments, and the client page's panels."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.registry import Place
from segmentation.models import ClientScore, LifecycleEvent
from segmentation.queries.history import timeline
from tests.cast import Speak, make_cast
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World

D = Decimal


@pytest.fixture
def firm(world: World) -> World:
    for number in range(1, 9):
        branch = "1005" if number == 8 else "1001"
        client = world.client(f"C{number}", branch=branch)
        world.months(
            client, "2024-01", "2024-05", 900 * number, branch=branch, net_commission=300 * number, trades=1
        )
        client.months.filter(month=date(2024, 1, 1)).update(net_commission=60)
    publish_ladder()
    world.run("2024-05-20")
    return world


@pytest.fixture
def cast(firm: World) -> SimpleNamespace:
    return make_cast(firm.units)


def read(browser: Any, path: str, status: int = 200) -> str:
    answer = browser.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    return answer.content.decode()


def test_segments_show_sizes_curve_migration_and_the_old_split(
    firm: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    page = read(as_person(cast.value_analyst), "/segments/")
    for words in ("tier-V1", "2024-05-20", "2024-04-30", 'class="chart flow"', 'class="matrix"', "heat-"):
        assert words in page
    assert len(page.encode()) < 200_000


def test_segments_by_unit_and_date(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.branch_manager_1001)
    answer = browser.get("/segments/?as_of=2024-02-29&start=2024-01-31&end=2024-03-31&unit=branch:1001")
    assert answer.context["whole"].clients == 7
    assert (answer.context["as_of"], answer.context["start"]) == (date(2024, 2, 29), date(2024, 1, 31))
    assert browser.get("/segments/?as_of=nonsense").context["as_of"] == date(2024, 5, 20)
    read(browser, "/segments/?unit=branch:1005", 404)
    read(as_person(cast.agent_1001), "/segments/", 403)


def test_segments_before_the_first_run_say_so(db: None, as_person: Speak, units: Any) -> None:
    cast = make_cast(units)
    answer = as_person(cast.value_analyst).get("/segments/")
    assert answer.status_code == 200
    assert answer.context["empty"]


def test_segments_take_few_queries(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.value_analyst)
    browser.get("/segments/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/segments/")
    assert len(queries) <= 16


def test_the_score_panel_explains_itself(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    panel = read(as_person(cast.agent_1001), "/segments/clients/C5/score/")
    row = ClientScore.objects.get(client__client_no="C5")
    assert f"{row.score:.1f}" in panel
    assert panel.count('class="parts"') == 4
    read(as_person(cast.agent_1001), "/segments/clients/C8/score/", 404)


def test_the_score_panel_of_a_client_without_score(
    firm: World, cast: SimpleNamespace, as_person: Speak
) -> None:
    firm.client("NONE")
    assert 'class="ring-value"' not in read(as_person(cast.agent_1001), "/segments/clients/NONE/score/")


def test_panels_show_flags_with_their_reason(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    client = firm.clients["C5"]
    rows = ClientScore.objects.filter(client=client)
    rows.update(flags=["at_risk", "dormant_asset"], assets_fell=True, assets_month=D(1), provisional=True)
    assert (
        read(as_person(cast.agent_1001), "/segments/clients/C5/score/").count('class="note') == 4
    )  # one tells the best service
    rows.update(assets_fell=False)
    assert (
        read(as_person(cast.agent_1001), "/segments/clients/C5/score/").count('class="note') == 4
    )  # one tells the best service


def test_months_and_tiers(firm: World, cast: SimpleNamespace, as_person: Speak) -> None:
    browser = as_person(cast.agent_1001)
    months = read(browser, "/segments/clients/C2/months/")
    assert months.count('<th scope="row" class="nowrap">2024-') == 5
    assert "1,800" in months
    tiers = read(browser, "/segments/clients/C2/tiers/")
    assert "2024-01-31" in tiers
    firm.client("NONE")
    assert "<table" not in read(browser, "/segments/clients/NONE/months/")
    assert "<table" not in read(browser, "/segments/clients/NONE/tiers/")


def test_the_timeline_tells_events_and_tiers(firm: World, cast: SimpleNamespace) -> None:
    from django.utils import timezone

    client = firm.clients["C2"]
    LifecycleEvent.objects.create(client=client, on_date=date(2024, 5, 22), event="LOST", reason="CLOSED",
                                  month=date(2024, 5, 1), branch=client.branch)  # fmt: skip
    client.tier_spans.create(
        from_date=date(2023, 12, 31), to_date=date(2024, 1, 31), tier="NEW", reason="new"
    )
    with translation.override("en"):
        items = timeline(client.pk, cast.agent_1001, Place(timezone.now()), 10)
    titles = [item.title for item in items]
    assert (titles[0], titles[-1]) == ("Lost as a client", "Became an effective client")
    assert "Tier: New → Standard" in titles
    assert "Tier: New" in titles
    assert items[0].text == "Accounts closed"
    assert not timeline(client.pk, cast.agent_1001, Place(timezone.now().replace(year=2019)), 10)
