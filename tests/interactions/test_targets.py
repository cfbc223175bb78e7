"""Targets of the service levels: which one holds where, the four states, who sets them, page and API."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.models import AuditEntry
from interactions.actions.targets import set_target, withdraw_target
from interactions.models import Channel, LevelTarget
from interactions.queries.targets import all_on, home_of, newest_on, standing, targets_for, to_come
from staff.models import Unit
from tests.interactions.test_level_pages import day
from tests.interactions.test_levels import World, world

pytestmark = pytest.mark.django_db
__all__ = ["World", "day", "world"]
PLAIN = {"figure": "csat", "target": Decimal("0.9"), "limit": Decimal("0.8")}


def put(actor: Any, **more: Any) -> LevelTarget:
    return set_target(actor=actor, **{**PLAIN, "from_date": timezone.localdate(), **more})


def test_four_states_at_their_edges() -> None:
    more = LevelTarget(figure="csat", target=Decimal("0.9"), limit=Decimal("0.8"))
    less = LevelTarget(figure="asa_seconds", target=Decimal(20), limit=Decimal(30))
    for value, wanted in (("0.9", "met"), ("0.899999", "near"), ("0.8", "near"), ("0.799999", "missed")):
        assert standing(Decimal(value), more) == wanted
    for value, wanted in (("20", "met"), ("20.000001", "near"), ("30", "near"), ("30.000001", "missed")):
        assert standing(Decimal(value), less) == wanted
    assert (standing(None, more), standing(Decimal(1), None)) == ("none", "none")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "phone", "chat"]), st.sampled_from([0, 1, 2, 3, None]), st.integers(-3, 3)
        ),
        max_size=12, unique=True,
    ),
    st.sampled_from(["", "phone"]), st.sampled_from([1, 2, None]),
)  # fmt: skip
def test_the_one_that_holds_equals_a_slow_reading(rows: Any, channel: str, place: int | None) -> None:
    """Walked by hand: for the channel, then for all; in each from the unit up to the firm; newest first."""
    units = [Unit(pk=number, code=str(number)) for number in range(4)]
    units[2].parent, units[1].parent = units[1], units[0]  # 3 stands apart
    told = [
        LevelTarget(
            figure="asa_seconds", channel=where, unit=None if unit is None else units[unit],
            target=Decimal(number), limit=Decimal(number), from_date=date(2026, 6, 1) + timedelta(days=days),
        )
        for number, (where, unit, days) in enumerate(rows)
    ]  # fmt: skip
    chain: list[int | None] = {2: [2, 1, 0, None], 1: [1, 0, None], None: [None]}[place]
    walked = [
        one
        for where in dict.fromkeys([channel, ""])
        for unit in chain
        for one in sorted(told, key=lambda one: one.from_date, reverse=True)
        if (one.channel, one.unit_id) == (where, unit) and one.from_date <= date(2026, 6, 1)
    ]
    found = targets_for(
        newest_on(told, date(2026, 6, 1)), channel=channel, unit=None if place is None else units[place]
    ).get("asa_seconds")
    assert found == (walked[0] if walked else None)


def test_set_replaced_and_taken_back(cast: Any, units: Any) -> None:
    today = timezone.localdate()
    first = put(cast.team_lead_1001, unit=units["1001"], from_date=today + timedelta(days=2))
    again = put(
        cast.team_lead_1001, unit=units["1001"], from_date=today + timedelta(days=2), target=Decimal(1)
    )
    assert first.pk == again.pk and [one.target for one in to_come(today)] == [1]
    withdraw_target(actor=cast.team_lead_1001, target=again)
    held = put(cast.team_lead_hq, target=Decimal("0.95"))
    for gone in (again, held):
        with pytest.raises(Conflict):
            withdraw_target(actor=cast.team_lead_hq, target=gone)
    assert targets_for(all_on(today))["csat"].target == Decimal("0.95")
    assert targets_for(all_on(today - timedelta(days=1)))["csat"].target == Decimal("0.9")
    deeds = AuditEntry.objects.filter(subject_type="level_target").order_by("pk")
    wanted = ["level_target.set", "level_target.set", "level_target.withdrawn", "level_target.set"]
    assert list(deeds.values_list("deed", flat=True)) == wanted


@pytest.mark.parametrize("unit", [None, "1002", "R1"])
def test_a_branchs_lead_sets_no_others(cast: Any, units: Any, unit: str | None) -> None:
    with pytest.raises(PermissionDenied):
        put(cast.team_lead_1001, unit=units[unit] if unit else None)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("figure", {"figure": "charm"}),
        ("channel", {"channel": "pigeon"}),
        ("target", {"target": Decimal("1.1")}),
        ("limit", {"limit": Decimal("0.95")}),
        ("limit", {"figure": "asa_seconds", "target": Decimal(20), "limit": Decimal(10)}),
        ("target", {"figure": "nps", "target": Decimal(101), "limit": Decimal(0)}),
        ("from_date", {"from_date": date(2026, 1, 1)}),
    ],
)
def test_what_no_target_is(cast: Any, field: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        put(cast.team_lead_hq, **more)
    assert list(refused.value.message_dict) == [field]


def test_the_database_holds_limit_beyond_target() -> None:
    for figure, target, limit in (("csat", "0.5", "0.6"), ("asa_seconds", "20", "10")):
        with pytest.raises(IntegrityError), transaction.atomic():
            LevelTarget.objects.create(
                figure=figure, target=target, limit=limit, from_date=date(2026, 1, 1), channel="visit"
            )


def test_every_channel_has_a_target_from_the_beginning() -> None:
    for channel in Channel.values:
        assert {"service_level", "asa_seconds", "csat"} <= set(
            targets_for(all_on(date(2020, 1, 1)), channel=channel)
        )


def test_the_wall_shows_states_of_the_own_units_targets(
    day: date, cast: Any, units: Any, as_person: Any
) -> None:
    """Three calls of 1001: one answered at 20 s, one given up at 3 s, one waiting."""
    lead = cast.team_lead_1001
    assert home_of(lead) == units["1001"]

    def states() -> list[str]:
        page = as_person(lead).get("/desk/wall/now/")
        phone = next(row for row in page.context["channels"] if row["offered"] == 3)
        return [page.context["tiles"][1]["state"], phone["tiles"][1]["state"]]

    assert states() == ["missed", "missed"]  # a third was given up
    put(lead, figure="abandonment", unit=units["1001"], target=Decimal("0.1"), limit=Decimal("0.34"))
    assert states() == ["near", "near"]
    put(
        lead,
        figure="abandonment",
        unit=units["1001"],
        channel="phone",
        target=Decimal("0.4"),
        limit=Decimal("0.5"),
    )
    assert states() == ["near", "met"]


def test_page_and_api(cast: Any, units: Any, as_person: Any, django_assert_max_num_queries: Any) -> None:
    today = timezone.localdate()
    browser = as_person(cast.team_lead_1001)
    form = {"figure": "csat", "unit": "1001", "target": "92.5", "limit": "80", "from_date": str(today)}
    assert browser.post("/desk/settings/targets/", form).status_code == 302
    assert LevelTarget.objects.get(unit=units["1001"]).target == Decimal("0.925")
    assert browser.post("/desk/settings/targets/", {**form, "unit": ""}).status_code == 422
    assert browser.post("/desk/settings/targets/", {**form, "limit": "93"}).status_code == 422
    with django_assert_max_num_queries(12):
        assert "92.5%" in browser.get("/desk/settings/targets/").content.decode()
    told = {"figure": "nps", "unit": "1001", "target": "40", "limit": "20", "from_date": str(today)}
    send = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "one"}
    assert browser.post("/api/v1/level-targets/", told, **send).status_code == 201
    refused = browser.post(
        "/api/v1/level-targets/", {**told, "limit": "41"}, **{**send, "HTTP_IDEMPOTENCY_KEY": "2"}
    )
    assert refused.status_code == 400
    listed = browser.get("/api/v1/level-targets/").json()["in_force"]
    assert [one["target"] for one in listed if one["figure"] == "nps"] == ["40.000000"]
    assert browser.get("/api/v1/level-targets/?on=x").status_code == 400
