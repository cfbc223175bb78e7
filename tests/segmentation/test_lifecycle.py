"""Lifecycle events (kpis.md), rule by rule, over facts as the trading step leaves them."""

from datetime import date
from typing import Any

import pytest

from segmentation import recompute
from segmentation.models import LifecycleEvent, Threshold
from tests.segmentation.world import World, passed

LATE = date(2024, 1, 10)  # opened after the first loaded day: no opening stock
HELD = [("2020-01-01", "EFFECTIVE", "OPENING")]


@pytest.fixture
def world(world: World) -> World:
    """The step `lifecycle` alone."""
    world.steps = (recompute.lifecycle_events,)
    return world


def held(world: World, no: str = "C1", months: str = "2024-06", **told: Any) -> Any:
    """A client of the opening stock with 20 000 in every month up to `months`."""
    client = world.client(no, **told)
    world.months(client, "2024-01", months, 20_000, inflow=0)
    return client


def test_l1_a_month_closes_on_its_last_calendar_day(world: World) -> None:
    client = world.client(opened_on=LATE)
    world.months(client, "2024-01", "2024-02", 20_000)
    world.run("2024-01-30")
    assert world.events(client) == []
    world.run("2024-03-05", since="2024-01")  # makes the missing closes, oldest first
    assert world.events(client) == [("2024-01-31", "EFFECTIVE", "")]


def test_l2_conditions_use_all_rows_of_the_month_and_the_status_at_the_close(world: World) -> None:
    both = world.client("BOTH", opened_on=LATE)
    world.month(both, "2024-02", 15_000, branch="1002", days=10)
    world.month(both, "2024-02", 5_000, days=10)
    short = world.client("SHORT", opened_on=LATE)
    world.month(short, "2024-02", 15_000, branch="1002", days=10)
    world.month(short, "2024-02", "4999.9999", days=10)
    frozen = world.client(
        "FROZEN", opened_on=LATE, statuses=[("2024-02-29", "frozen"), ("2024-03-05", "normal")]
    )
    world.months(frozen, "2024-02", "2024-03", 20_000)
    world.run("2024-03-31")
    assert world.events(both) == [("2024-02-29", "EFFECTIVE", "")]
    assert world.events(short) == []
    assert world.events(frozen) == [("2024-03-31", "EFFECTIVE", "")]


@pytest.mark.parametrize(
    ("callback", "commission", "assets", "expected"),
    [
        (date(2024, 2, 29), 0, 10_000, ["2024-02-29"]),
        (date(2024, 3, 1), 0, 10_000, ["2024-03-31"]),
        (None, 0, 10_000, []),
        (date(2024, 2, 1), 25, 0, ["2024-03-31"]),  # 50 since opening are reached in March
        (date(2024, 2, 1), "24.9999", 0, ["2024-04-30"]),
    ],
)
def test_effective_needs_callback_and_assets_or_commission(
    world: World, callback: Any, commission: Any, assets: int, expected: list[str]
) -> None:
    client = world.client(opened_on=date(2024, 2, 1), callback_passed_on=callback)
    world.months(client, "2024-02", "2024-04", assets, net_commission=commission)
    world.run("2024-04-30")
    assert [found[0] for found in world.events(client)] == expected


def test_l3_opening_stock_is_effective_from_its_opening_and_held_in_the_first_month(world: World) -> None:
    stays = world.client("STAYS", opened_on=date(2022, 5, 6))
    world.month(stays, "2024-01", 10_000)
    leaves = world.client("LEAVES", opened_on=date(2022, 5, 6))
    world.month(leaves, "2024-01", 10_000)
    world.custody(leaves, "2024-01-20", 99)
    later = world.client("LATER", opened_on=date(2022, 5, 6))
    world.months(later, "2024-02", "2024-02", 10_000)
    world.run("2024-02-29")
    assert world.events(stays) == [("2022-05-06", "EFFECTIVE", "OPENING")]
    assert world.events(leaves) == [
        ("2022-05-06", "EFFECTIVE", "OPENING"), ("2024-01-20", "LOST", "TRANSFERRED"),
    ]  # fmt: skip
    assert world.events(later) == [("2024-02-29", "EFFECTIVE", "")]
    assert LifecycleEvent.objects.get(client=stays).month == date(2024, 1, 1)


def test_l3_before_the_first_close_nobody_is_held(world: World) -> None:
    client = held(world, months="2024-01")
    world.run("2024-01-30")
    assert world.events(client) == []


def test_l4_on_one_date_death_then_closure_then_transfer_then_soft(world: World) -> None:
    day_of_loss = "2024-03-31"
    dead = held(world, "DEAD", "2024-03", closed_on=date(2024, 3, 31), deceased_on=date(2024, 3, 31))
    closed = held(world, "CLOSED", "2024-03", closed_on=date(2024, 3, 31))
    moved = world.client("MOVED")
    world.month(moved, "2024-01", 50_000)
    world.months(moved, "2024-02", "2024-04", 10, outflow=20_000)
    world.custody(moved, "2024-04-30", 0)
    for client in (dead, closed):
        world.custody(client, day_of_loss, 0)
    world.run("2024-04-30")
    assert world.events(dead)[1:] == [(day_of_loss, "EXCLUDED", "DECEASED")]
    assert world.events(closed)[1:] == [(day_of_loss, "LOST", "CLOSED")]
    assert world.events(moved)[1:] == [("2024-04-30", "LOST", "TRANSFERRED")]


def test_l5_a_lost_client_is_not_lost_or_excluded_again(world: World) -> None:
    client = held(world, months="2024-02", closed_on=date(2024, 5, 3), deceased_on=date(2024, 6, 3))
    world.custody(client, "2024-02-20", 0)
    world.run("2024-06-30")
    assert world.events(client) == [*HELD, ("2024-02-20", "LOST", "TRANSFERRED")]


class TestSoft:
    """L6: the money has gone, nobody trades, and a fall of the market alone is no loss."""

    def client(self, world: World, *, outflow: Any = 30_000, assets: Any = 500, **last: Any) -> Any:
        client = world.client()
        world.month(client, "2024-01", 50_000)
        world.month(client, "2024-02", 50_000, outflow=outflow)
        world.months(client, "2024-03", "2024-04", assets)
        world.month(client, "2024-05", last.pop("may", assets), **last)
        world.run("2024-05-31")
        return client

    def test_l6_third_close_with_little_left_of_what_was_taken_out(self, world: World) -> None:
        assert world.events(self.client(world)) == [*HELD, ("2024-05-31", "LOST", "SOFT")]

    @pytest.mark.parametrize(
        "changed",
        [
            {"outflow": "24999.9999"},  # less than half of the peak was taken out
            {"may": 1000},  # not below 1 000
            {"trades": 1},
            {"inflow": "5000.0001"},  # came in after the peak month
        ],
    )
    def test_l6_fails_when_any_condition_does(self, world: World, changed: dict[str, Any]) -> None:
        assert world.events(self.client(world, **changed)) == HELD

    def test_l6_exactly_half_is_enough(self, world: World) -> None:
        assert len(world.events(self.client(world, outflow=25_000))) == 2

    def test_l6_needs_less_than_a_tenth_of_the_peak(self, world: World) -> None:
        client = world.client()
        world.month(client, "2024-01", 0, net_commission=60)
        world.month(client, "2024-02", 9_000, outflow=9_000)
        world.months(client, "2024-03", "2024-04", 899)
        world.month(client, "2024-05", 900)
        world.run("2024-05-31")
        assert world.events(client) == HELD

    def test_l6_of_equal_peaks_the_latest_month_counts(self, world: World) -> None:
        """Outflow of January lies before the peak month February and does not count."""
        client = world.client()
        world.month(client, "2024-01", "33333.3333", assets_sum=100_000, days=3, outflow=30_000)
        world.month(client, "2024-02", "33333.3333", assets_sum=200_000, days=6)
        world.months(client, "2024-03", "2024-05", 500)
        world.run("2024-05-31")
        assert world.events(client) == HELD

    def test_l6_a_later_close_that_meets_all_counts_too(self, world: World) -> None:
        client = self.client(world, may=500, trades=1)
        world.months(client, "2024-06", "2024-08", 0)
        world.run("2024-08-31")
        assert world.events(client)[1:] == [("2024-08-31", "LOST", "SOFT")]

    def test_l6_open_in_all_three_months(self, world: World) -> None:
        client = world.client(opened_on=date(2024, 4, 2))
        world.months(client, "2024-01", "2024-03", 50_000, outflow=50_000)
        world.months(client, "2024-04", "2024-05", 500, net_commission=60)
        world.run("2024-05-31")
        assert [event[1] for event in world.events(client)] == ["EFFECTIVE"]


def test_l7_transferred_by_the_first_event_below_the_residual_while_held(world: World) -> None:
    client = held(world)
    world.custody(client, "2024-02-05", 100, kind="designation_withdrawn")
    world.custody(client, "2024-03-05", "99.9999", kind="designation_withdrawn")
    world.custody(client, "2024-03-06", 0)
    world.run("2024-03-10")  # in a running month too
    assert world.events(client) == [*HELD, ("2024-03-05", "LOST", "TRANSFERRED")]


def test_l7_events_that_do_not_count_are_left_out(world: World) -> None:
    client = held(world)
    world.custody(client, "2024-02-05", 0, counts=False)
    world.run("2024-03-10")
    assert world.events(client) == HELD


def test_l8_reactivated_in_a_later_month_with_enough_assets(world: World) -> None:
    back = world.client("BACK", statuses=[("2024-04-01", "frozen")])
    world.months(back, "2024-01", "2024-03", 20_000)
    world.month(back, "2024-04", "9999.9999")
    world.month(back, "2024-05", 10_000)
    world.custody(back, "2024-03-04", 0)
    closed = held(world, "CLOSED", closed_on=date(2024, 3, 4))
    world.run("2024-06-30")
    assert world.events(back)[1:] == [
        ("2024-03-04", "LOST", "TRANSFERRED"), ("2024-05-31", "REACTIVATED", ""),
    ]  # fmt: skip
    assert world.events(closed)[1:] == [("2024-03-04", "LOST", "CLOSED")]


def test_l8_a_client_may_be_lost_and_reactivated_again(world: World) -> None:
    client = held(world, months="2024-08")
    world.custody(client, "2024-02-04", 0)
    world.custody(client, "2024-04-30", 0)
    world.run("2024-06-30")
    assert world.events(client)[1:] == [
        ("2024-02-04", "LOST", "TRANSFERRED"), ("2024-03-31", "REACTIVATED", ""),
        ("2024-04-30", "LOST", "TRANSFERRED"), ("2024-05-31", "REACTIVATED", ""),
    ]  # fmt: skip


def test_l9_deceased_is_excluded_and_never_comes_back(world: World) -> None:
    held_one = held(world, "HELD", deceased_on=date(2024, 3, 8), statuses=[("2024-03-08", "deceased")])
    lost = held(world, "LOST", deceased_on=date(2024, 3, 8), statuses=[("2024-03-08", "deceased")])
    world.custody(lost, "2024-02-20", 0)
    never = world.client("NEVER", opened_on=LATE, callback_passed_on=date(2024, 4, 1),
                         deceased_on=date(2024, 3, 8), statuses=[("2024-04-01", "normal")])  # fmt: skip
    world.months(never, "2024-02", "2024-05", 20_000)
    world.run("2024-05-31")
    assert world.events(held_one) == [*HELD, ("2024-03-08", "EXCLUDED", "DECEASED")]
    assert world.events(lost) == [*HELD, ("2024-02-20", "LOST", "TRANSFERRED")]
    assert world.events(never) == []


def test_l10_a_second_client_of_the_same_person_has_its_own_effective_event(world: World) -> None:
    """Whether its entry counts as N or R is a matter of the cards; the event is the same."""
    held(world, "FIRST")
    second = world.client("SECOND", opened_on=date(2024, 2, 1))
    world.months(second, "2024-02", "2024-03", 20_000)
    world.run("2024-03-31")
    assert world.events(second) == [("2024-02-29", "EFFECTIVE", "")]


def test_l11_thresholds_by_the_month_end_or_event_date(world: World) -> None:
    Threshold.objects.create(
        effective_on=date(2024, 2, 29), effective_assets=30_000, transferred_residual=500
    )
    early = world.client("EARLY", opened_on=LATE)
    world.months(early, "2024-01", "2024-02", 20_000)
    late = world.client("LATE", opened_on=LATE, callback_passed_on=date(2024, 2, 1))
    world.months(late, "2024-02", "2024-03", 20_000)
    moved = held(world, "MOVED")
    world.custody(moved, "2024-02-28", 400)
    world.custody(moved, "2024-03-01", 400)
    world.run("2024-03-31")
    assert world.events(early) == [("2024-01-31", "EFFECTIVE", "")]
    assert world.events(late) == []
    assert world.events(moved)[1:] == [("2024-03-01", "LOST", "TRANSFERRED")]


def test_l12_what_comes_before_effective_makes_no_event(world: World) -> None:
    client = world.client("LATE", opened_on=LATE, callback_passed_on=date(2024, 3, 2))
    world.months(client, "2024-01", "2024-04", 20_000)
    world.custody(client, "2024-02-05", 0)
    on_the_day = world.client("DAY", opened_on=LATE, callback_passed_on=date(2024, 3, 2))
    world.months(on_the_day, "2024-01", "2024-04", 20_000)
    world.custody(on_the_day, "2024-03-31", 0)
    world.run("2024-03-31")
    assert world.events(client) == [("2024-03-31", "EFFECTIVE", "")]
    assert world.events(on_the_day) == [
        ("2024-03-31", "EFFECTIVE", ""), ("2024-03-31", "LOST", "TRANSFERRED"),
    ]  # fmt: skip


def test_events_belong_to_the_record_of_their_date(world: World) -> None:
    client = held(world, moves=[("2024-03-05", "1002", "M7")])
    world.custody(client, "2024-03-04", 0)
    world.run("2024-04-30")
    found = LifecycleEvent.objects.filter(client=client).order_by("on_date")
    places = [(event.event, event.branch.code, event.manager_no) for event in found]
    assert places == [("EFFECTIVE", "1001", ""), ("LOST", "1001", ""), ("REACTIVATED", "1002", "M7")]


def test_f24_a_close_already_made_changes_for_the_client_that_is_dirty(world: World) -> None:
    """A closed_on of 31 March told on 1 April: March is redone for this client alone."""
    client, other = held(world), held(world, "C2")
    world.run("2024-03-31")
    client.record_spans.update(closed_on=date(2024, 3, 31))
    other.record_spans.update(closed_on=date(2024, 3, 31))
    world.run("2024-04-01", since="2024-04", dirty={client: "2024-03"})
    assert world.events(client) == [*HELD, ("2024-03-31", "LOST", "CLOSED")]
    assert world.events(other) == HELD  # not told to be dirty
    client.record_spans.update(closed_on=None)  # L8: the newest row without closed_on undoes it
    world.run("2024-04-02", since="2024-04", dirty={client: "2024-03"})
    assert world.events(client) == HELD


def test_a_callback_passed_in_the_house_counts_from_its_own_day(world: World) -> None:
    """Beside the feed's date (decision 0060): of a new account, from the month in which it passed."""
    client = world.client("C1", opened_on=LATE, callback_passed_on=None)
    told = world.client("C2", opened_on=LATE, callback_passed_on=date(2024, 5, 31))
    for one in (client, told):
        world.months(one, "2024-01", "2024-06", 20_000, inflow=0)
    passed(client, LATE, "complaint")
    passed(client, date(2024, 3, 31))
    passed(told, date(2024, 2, 29), told_by_feed=True)  # as the feed said it once; it says otherwise now
    world.run("2024-06-30", since="2024-01")
    assert world.events(client) == [("2024-03-31", "EFFECTIVE", "")]
    assert world.events(told) == [("2024-05-31", "EFFECTIVE", "")]


def test_a_callback_that_passed_after_the_as_of_date_does_not_count_yet(world: World) -> None:
    client = world.client("C1", opened_on=LATE, callback_passed_on=None)
    world.months(client, "2024-01", "2024-03", 20_000, inflow=0)
    passed(client, date(2024, 4, 1))
    world.run("2024-03-31", since="2024-01")
    assert world.events(client) == []
