"""Counts from events and records: K1-K5, K10, K12, K13, L3, L10, on whole tables of small firms."""

from staff.models import Unit
from tests.kpis.world import World, day

Q3 = "2026-Q3"


def test_k1_held_at_both_ends(world: World) -> None:
    world.held("C1")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=1 E=1 S=1 S_new=1"


def test_k1_entries_losses_and_exclusions(world: World) -> None:
    world.client("NEW")
    world.event("NEW", "2026-07-31", "EFFECTIVE")
    world.held("BACK")
    world.event("BACK", "2026-02-10", "LOST", "TRANSFERRED")
    world.event("BACK", "2026-08-31", "REACTIVATED")
    world.held("LOST")
    world.event("LOST", "2026-09-10", "LOST", "CLOSED")
    world.held("DEAD")
    world.event("DEAD", "2026-09-11", "EXCLUDED", "DECEASED")
    world.client("NEVER")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=2 N=1 R=1 L=1 X=1 E=2"
    assert world.passages(Q3) == [
        ("BACK", "returned", "1001", "1001"),
        ("DEAD", "excluded", "1001", "1001"),
        ("LOST", "lost", "1001", "1001"),
        ("NEW", "new", "1001", "1001"),
    ]


def test_k1_new_and_lost_in_one_period_is_flash(world: World) -> None:
    world.client("F", moves=[("2026-08-15", "1002", "")])
    world.event("F", "2026-07-31", "EFFECTIVE")
    world.event("F", "2026-09-10", "LOST", "CLOSED")
    world.run("2026-09-30")
    assert world.counts(Q3) == "flash=1"
    assert world.counts(Q3, "branch:1002") == ""
    assert world.counts("2026-07") == "N=1 E=1"
    assert world.counts("2026-09") == "B=1 L=1"  # the transfer of August is undone, K3
    assert world.counts("2026-09", "branch:1002") == ""


def test_k1_lost_and_held_again_is_neither(world: World) -> None:
    world.held("C1")
    world.event("C1", "2026-07-10", "LOST", "TRANSFERRED")
    world.event("C1", "2026-08-31", "REACTIVATED")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=1 E=1 S=1 S_new=1"


def test_k1_an_exit_on_the_day_of_the_entry_comes_after_it(world: World) -> None:
    world.client("C1")
    world.event("C1", "2026-07-31", "EFFECTIVE")
    world.event("C1", "2026-07-31", "LOST", "TRANSFERRED")
    world.run("2026-09-30")
    assert world.counts(Q3) == "flash=1"


def test_k1_k2_transfers_are_counted_by_the_ends(world: World) -> None:
    world.held("GONE", moves=[("2026-08-01", "1002", "")])
    world.held("THERE-AND-BACK", moves=[("2026-08-01", "1002", ""), ("2026-09-01", "1001", "")])
    world.client("NEW", moves=[("2026-08-05", "1002", "")])
    world.event("NEW", "2026-07-31", "EFFECTIVE")
    world.run("2026-09-30")
    assert world.all_counts(Q3, "branch") == {
        "1001": "B=2 N=1 T_out=2 E=1 S=1 S_new=1",
        "1002": "T_in=2 E=2",
        "1005": "",
    }


def test_k3_a_loss_within_thirty_days_counts_at_the_sender(world: World) -> None:
    world.held("DAY30", moves=[("2026-08-01", "1002", "")])  # 30 days before the loss
    world.event("DAY30", "2026-08-31", "LOST", "TRANSFERRED")
    world.held("DAY31", moves=[("2026-08-01", "1002", "")])
    world.event("DAY31", "2026-09-01", "LOST", "TRANSFERRED")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=2 L=1 T_out=1"
    assert world.counts(Q3, "branch:1002") == "L_in=1 T_in=1"


def test_k3_k13_also_in_b_of_the_card_the_loss_falls_in_which_names_them(world: World) -> None:
    world.held("C1", moves=[("2026-06-20", "1002", "M2")])
    world.event("C1", "2026-07-10", "LOST", "TRANSFERRED")
    world.run("2026-09-30")
    assert world.counts("2026-Q2") == "B=1 T_out=1"
    assert world.counts("2026-Q2", "branch:1002") == "T_in=1 E=1"
    assert world.counts(Q3) == "B=1 L=1"
    assert world.counts(Q3, "branch:1002") == ""
    added = {"rule": "K3", "number": "B", "added": ["C1"], "removed": []}
    removed = {"rule": "K3", "number": "B", "added": [], "removed": ["C1"]}
    assert world.card(Q3).notes == [added]
    assert world.card(Q3, "branch:1002").notes == [removed]
    assert world.card(Q3, "region:R1").notes == []
    assert world.card(Q3, "firm").notes == []


def test_k3_exclusions_and_flashes_undo_nothing_by_days(world: World) -> None:
    world.held("DEAD", moves=[("2026-06-25", "1002", "")])
    world.event("DEAD", "2026-07-05", "EXCLUDED", "DECEASED")
    world.run("2026-09-30")
    assert world.counts(Q3, "branch:1002") == "B=1 X=1"
    assert world.counts(Q3) == ""


def test_k1_an_exclusion_undoes_transfers_of_the_period(world: World) -> None:
    world.held("DEAD", moves=[("2026-07-20", "1002", "")])
    world.event("DEAD", "2026-09-05", "EXCLUDED", "DECEASED")
    world.run("2026-09-30")
    assert world.all_counts(Q3, "branch") == {"1001": "B=1 X=1", "1002": "", "1005": ""}


def test_k4_inside_a_region_and_the_firm_transfers_vanish(world: World) -> None:
    world.held("NEAR", moves=[("2026-08-01", "1002", "")])
    world.held("FAR", moves=[("2026-08-01", "1005", "")])
    world.held("LOST", moves=[("2026-07-05", "1005", "")])
    world.event("LOST", "2026-09-29", "LOST", "CLOSED")
    world.run("2026-09-30")
    assert world.all_counts(Q3, "region") == {
        "R1": "B=3 T_out=2 E=1 S=1 S_new=1",
        "R2": "L_in=1 T_in=2 E=1",
    }
    assert world.counts(Q3, "firm") == "B=3 L=1 E=2 S=2 S_new=2"


def test_k5_merged_codes_are_one_unit_for_all_periods(world: World) -> None:
    world.first = day("2024-01")
    world.held("OLD", "1099", moves=[("2024-06-30", "1001", "")])  # the merger, without a client row
    world.client("MOVED", "1099", moves=[("2024-05-15", "1001", "")])
    world.event("MOVED", "2024-03-31", "EFFECTIVE")
    world.run("2024-07-31")
    assert world.counts("2024-Q2") == "B=2 E=2 S=2 S_new=2"
    assert world.all_counts("2024-Q2", "branch").keys() == {"1001", "1002", "1005"}


def test_k5_the_predecessor_keeps_the_cards_made_before(world: World) -> None:
    world.first = day("2024-01")
    world.held("OLD", "1099", moves=[("2024-06-30", "1001", "")])
    world.run("2024-05-31")
    assert world.counts("2024-05", "branch:1099") == "B=1 E=1 S=1 S_new=1"
    assert world.counts("2024-Q2", "branch:1099") == "B=1 E=1 S=1 S_new=1"
    assert world.counts("2024-05") == ""
    world.run("2024-06-30")
    assert world.counts("2024-05", "branch:1099") == "B=1 E=1 S=1 S_new=1"
    assert world.card("2024-05", "branch:1001").revision == 2
    assert world.counts("2024-05") == "B=1 E=1 S=1 S_new=1"
    assert world.all_counts("2024-Q2", "branch") == {"1001": "B=1 E=1 S=1 S_new=1", "1002": "", "1005": ""}


def test_k11_managers_are_units_and_no_manager_is_none(world: World) -> None:
    world.held("ONE", manager="M1", moves=[("2026-08-01", "1001", "M2")])
    world.held("FREE", moves=[("2026-08-01", "1001", "M1")])
    world.held("LEFT", manager="M2", moves=[("2026-08-01", "1001", "")])
    world.run("2026-09-30")
    assert world.all_counts(Q3, "manager") == {"M1": "B=1 T_in=1 T_out=1 E=1", "M2": "B=1 T_in=1 T_out=1 E=1"}
    assert world.counts(Q3) == "B=3 E=3 S=3 S_new=3"
    assert {card.unit.code for card in (world.card(Q3, "manager:M1"), world.card(Q3, "manager:M2"))} == {
        "1001"
    }


def test_k12_who_has_a_card(world: World) -> None:
    world.first = day("2026-01")
    world.units["1005"].records.update(closed_on="2026-09-30")
    world.held("C1", manager="M1")
    world.event("C1", "2026-03-01", "LOST", "CLOSED")
    world.client("C2", manager="M2")
    world.tier("C2", "2026-08-31", "NEW")
    world.month("C2", "2026-09", 10, 30, manager="M2")
    world.run("2026-09-30")
    assert world.all_counts(Q3, "branch").keys() == {"1001", "1002"}
    assert world.all_counts("2026-08", "branch").keys() == {"1001", "1002", "1005"}
    assert world.all_counts(Q3, "region").keys() == {"R1", "R2"}
    assert world.all_counts(Q3, "manager") == {"M2": ""}  # days alone; M1's client was lost before
    assert world.all_counts("2026-Q1", "manager").keys() == {"M1"}


def test_k12_regions_by_the_parent_of_the_run_for_all_periods(world: World) -> None:
    world.first = day("2026-01")
    world.held("C1", "1005")
    world.run("2026-09-30")
    assert world.counts("2026-Q1", "region:R2") == "B=1 E=1 S=1 S_new=1"
    world.units["1005"].records.create(
        told_on="2026-10-02", name="x", kind="branch", parent=world.units["R1"], opened_on="2000-01-01"
    )
    world.run("2026-10-05", since="2026-10")
    assert world.counts("2026-Q1", "region:R2") == ""
    assert world.counts("2026-Q1", "region:R1") == "B=1 E=1 S=1 S_new=1"


def test_k10_a_running_period_ends_on_the_as_of_date(world: World) -> None:
    world.held("C1", moves=[("2026-09-20", "1002", "")])
    world.tier("C1", "2026-06-30", "V2")
    world.tonight("C1", "2026-09-10", "V3")
    world.run("2026-09-10")
    assert world.counts(Q3) == "B=1 E=1 S=1 U=1"
    card = world.card(Q3)
    assert [str(value) for value in (card.end, card.reckoned_to, card.as_of)] == [
        "2026-09-30",
        "2026-09-10",
        "2026-09-10",
    ]


def test_l3_opening_stock_is_in_b_of_every_period(world: World) -> None:
    world.first = day("2024-01")
    world.client("OPEN")
    world.event("OPEN", "2023-11-05", "EFFECTIVE", "OPENING")
    world.run("2024-03-31")
    assert world.counts("2024-01") == "B=1 E=1 S=1 S_new=1"
    assert world.counts("2024") == "B=1 E=1 S=1 S_new=1"
    late = World(world.units, day("2023-12-01"), world.clients)
    late.run("2024-03-31")
    assert late.counts("2023") == "B=1 E=1 S=1 S_new=1"


def test_l10_the_same_id_held_within_twelve_months_returns(world: World) -> None:
    def twins(name: str, left: str | None) -> None:
        key = name.encode()
        world.client(f"{name}-old", "1002", id_index=key)
        world.event(f"{name}-old", "2024-03-31", "EFFECTIVE")
        if left:
            world.event(f"{name}-old", left, "LOST", "CLOSED")
        world.client(f"{name}-new", id_index=key)
        world.event(f"{name}-new", "2026-08-31", "EFFECTIVE")

    twins("held", None)
    twins("day", "2025-09-01")  # held at the close of 31 August 2025
    twins("gone", "2025-08-31")  # not held any more at that close
    world.client("alone", id_index=b"alone")
    world.event("alone", "2026-08-31", "EFFECTIVE")
    world.run("2026-09-30")
    assert [row[:2] for row in world.passages(Q3) if row[2] == "1001"] == [
        ("alone", "new"),
        ("day-new", "returned"),
        ("gone-new", "new"),
        ("held-new", "returned"),
    ]
    assert world.counts(Q3) == "N=2 R=2 E=4"


def test_k2_k9_stayers_by_the_tiers_of_both_ends(world: World) -> None:
    tiers = {
        "UP": ("V1", "V3"), "DOWN": ("V3", "V2"), "SAME": ("V2", "V2"), "TOP": ("V5", "V5"),
        "FELL": ("V5", "V4"), "NEW": ("NEW", "V4"), "NONE": (None, "V4"), "LOSTIER": ("V3", None),
        "HIGH": ("V4", "V5"),
    }  # fmt: skip
    for no, (before, after) in tiers.items():
        world.held(no)
        for on, tier in (("2026-06-30", before), ("2026-09-30", after)):
            if tier:
                world.tier(no, on, tier)
    world.held("MOVED", moves=[("2026-08-01", "1002", "")])
    world.tier("MOVED", "2026-06-30", "V1")
    world.tier("MOVED", "2026-09-30", "V3")
    world.run("2026-09-30")
    assert world.counts(Q3) == "B=10 T_out=1 E=9 S=9 S_top=2 S_new=2 U=2 D=2"
    assert world.counts(Q3, "firm") == "B=10 E=10 S=10 S_top=2 S_new=2 U=3 D=2"


def test_k12_a_unit_no_feed_ever_told_of_stands_as_it_was_entered(world: World) -> None:
    region = world.units["R1"]
    world.units["1007"] = Unit.objects.create(
        code="1007", name="新设营业部", kind="branch", parent=region, opened_on=day("2026-01-05")
    )
    world.held("C1", "1007")
    world.run("2026-09-30")
    own = world.all_counts("2026-Q3", "branch")
    assert own == {"1001": "", "1002": "", "1005": "", "1007": "B=1 E=1 S=1 S_new=1"}
    assert world.counts("2026-Q3", "region:R1") == own["1007"]
