"""Tables of cases: types and their times, cases and what hangs on them, clocks, complaints, incidents."""

from cases.models.cases import (
    DONE,
    TRANSITIONS,
    Case,
    CaseEvent,
    CaseLink,
    CaseNote,
    CaseQuerySet,
    Recusal,
    State,
    Watcher,
)
from cases.models.clocks import CaseClock, ClockFiring, ClockPause
from cases.models.complaints import Complaint, ComplaintDecision, ComplaintQuerySet, EvidencePack
from cases.models.files import CaseFile
from cases.models.incidents import Incident
from cases.models.types import IN_FORCE, CaseType, ClockKind, ClockTime, TypeVersion, spoken

__all__ = [
    "DONE",
    "IN_FORCE",
    "TRANSITIONS",
    "Case",
    "CaseClock",
    "CaseEvent",
    "CaseFile",
    "CaseLink",
    "CaseNote",
    "CaseQuerySet",
    "CaseType",
    "ClockFiring",
    "ClockKind",
    "ClockPause",
    "ClockTime",
    "Complaint",
    "ComplaintDecision",
    "ComplaintQuerySet",
    "EvidencePack",
    "Incident",
    "Recusal",
    "State",
    "TypeVersion",
    "Watcher",
    "spoken",
]
