"""Deeds on what scorecards rest on, a file for each kind."""

from kpis.actions.people import who
from kpis.actions.targets import approve_targets, has_cards, in_force, reject_targets, tell_targets

__all__ = ["approve_targets", "has_cards", "in_force", "reject_targets", "tell_targets", "who"]
