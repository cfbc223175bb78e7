"""The nightly step `facts`: what was on record with whom, and the client-months (F1-F10)."""

from trading.recompute.marks import forget_dirty, take_marks
from trading.recompute.months import client_months

__all__ = ["client_months", "forget_dirty", "take_marks"]
