"""Lifecycle events (kpis.md), rule by rule, over facts as the trading step leaves them."""

from datetime import date

from tests.segmentation.world import World

OPENED = date(2024, 1, 10)  # after the first loaded day: no opening stock


def test_effective_at_the_first_month_end_that_meets_all_conditions(world: World) -> None:
    """L1, L2: the month's last calendar day, by all its rows and the status at the close."""
    client = world.client(opened_on=OPENED, callback_passed_on=date(2024, 2, 1))
    world.month(client, "2024-01", 20_000)
    world.month(client, "2024-02", 20_000, branch="1002", days=10)
    world.month(client, "2024-02", 0, days=10)
    world.run("2024-03-31")
    assert world.events(client) == [("2024-02-29", "EFFECTIVE", "")]
