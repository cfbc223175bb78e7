"""Tables of outreach: tasks and their plans, callbacks, campaigns; one file a subject."""

from outreach.models.callbacks import Callback, CallbackDraw, CallbackTry
from outreach.models.campaigns import Campaign, CampaignMember, CampaignPerson, CampaignQuerySet
from outreach.models.due import DueContact, DueContactQuerySet, DueList, DueStage, DueState, Suggestion
from outreach.models.exclusions import Exclusion, ExclusionQuerySet
from outreach.models.plans import PlanRun, PlanVersion, TaskPlan
from outreach.models.programmes import CallbackKind, CallbackProgramme
from outreach.models.service import PlanKept, ServicePlan, ServiceTier
from outreach.models.tasks import (
    BY_HAND,
    CalendarFeed,
    Task,
    TaskChange,
    TaskComment,
    TaskQuerySet,
    TaskReminder,
    TaskStep,
)

__all__ = [
    "BY_HAND",
    "CalendarFeed",
    "Callback",
    "CallbackDraw",
    "CallbackKind",
    "CallbackProgramme",
    "CallbackTry",
    "Campaign",
    "CampaignMember",
    "CampaignPerson",
    "CampaignQuerySet",
    "DueContact",
    "DueContactQuerySet",
    "DueList",
    "DueStage",
    "DueState",
    "Exclusion",
    "ExclusionQuerySet",
    "PlanKept",
    "PlanRun",
    "PlanVersion",
    "ServicePlan",
    "ServiceTier",
    "Suggestion",
    "Task",
    "TaskChange",
    "TaskComment",
    "TaskPlan",
    "TaskQuerySet",
    "TaskReminder",
    "TaskStep",
]
