"""Puts a demo into the database through the doors that real data takes: feed loader, deeds, nightly run.

A job row says how far it is, and keeps what was asked for: killed anywhere and started again, the same demo
goes on with the first package that is not in yet. When twelve months are in, a night as of then makes the
first picture beside the further loading, and the value model's breakpoints are published with it.
"""

from crm.demo_loading.asked import KIND, Asked, NotEmpty
from crm.demo_loading.making import make

__all__ = ["KIND", "Asked", "NotEmpty", "make"]
