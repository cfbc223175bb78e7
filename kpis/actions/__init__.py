"""Deeds on what scorecards rest on, a file for each kind."""

from kpis.actions.people import who
from kpis.actions.rewards import approve_rewards, decline_rewards, propose_rewards
from kpis.actions.schemes import (
    begin_draft,
    change_draft,
    decline_scheme,
    discard_draft,
    propose_scheme,
    publish_scheme,
    take_back_scheme,
)
from kpis.actions.signing import confirm, confirm_many, sign, sign_many, take_back
from kpis.actions.target_grid import UnitTargets, answer_many, tell_many
from kpis.actions.targets import (
    approve_targets,
    has_cards,
    in_force,
    reject_targets,
    return_to_firm,
    tell_targets,
)

__all__ = [
    "UnitTargets", "answer_many", "approve_rewards", "approve_targets", "begin_draft", "change_draft",
    "confirm", "confirm_many", "decline_rewards", "decline_scheme", "discard_draft", "has_cards",
    "in_force", "propose_rewards", "propose_scheme", "publish_scheme", "reject_targets",
    "return_to_firm", "sign", "sign_many", "take_back", "take_back_scheme", "tell_many", "tell_targets",
    "who",
]  # fmt: skip
