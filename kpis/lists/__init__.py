"""Lists of the scorecards, a file for each kind of work."""

from kpis.lists.members import MemberList

__all__ = ["MemberList"]
