"""Pages of the scorecards, a file for each kind of work."""

from kpis.views.attention import attention
from kpis.views.cards import as_pdf, as_xlsx, members, needs_action, overridden, scorecard
from kpis.views.compared import differing, side_by_side, why
from kpis.views.contributions import client_contribution, contribution_list, contribution_tie
from kpis.views.league import league, league_file
from kpis.views.rewards import reward_deed, reward_history, rewards_file, rewards_page
from kpis.views.schemes import begin_scheme, scheme, scheme_deed, scheme_draft, schemes
from kpis.views.target_grid import (
    set_targets,
    target_faults,
    target_grid,
    target_grid_xlsx,
    target_preview,
)
from kpis.views.target_history import answer_all_targets, return_targets, target_history
from kpis.views.targets import answer_targets, targets
from kpis.views.trials import trial_cards
from kpis.views.whatif import what_if, what_if_xlsx

__all__ = [
    "answer_all_targets", "answer_targets", "as_pdf", "as_xlsx", "attention", "begin_scheme",
    "client_contribution", "contribution_list", "contribution_tie", "differing", "league",
    "league_file", "members", "needs_action", "overridden", "return_targets", "reward_deed",
    "reward_history", "rewards_file", "rewards_page", "scheme", "scheme_deed", "scheme_draft",
    "schemes", "scorecard", "set_targets", "side_by_side", "target_faults", "target_grid",
    "target_grid_xlsx", "target_history", "target_preview", "targets", "trial_cards", "what_if",
    "what_if_xlsx", "why",
]  # fmt: skip
