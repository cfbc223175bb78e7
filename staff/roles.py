"""Roles and what each may do (people.md's table as data). Rights are plain words, checked by `person.may`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    AGENT = "agent", _("Service agent")
    TEAM_LEAD = "team_lead", _("Team lead")
    CLIENT_MANAGER = "client_manager", _("Client manager")
    BRANCH_MANAGER = "branch_manager", _("Branch manager")
    ANALYST = "analyst", _("Analyst")
    RESEARCH_SUPERVISOR = "research_supervisor", _("Research supervisor")
    VALUE_ANALYST = "value_analyst", _("Value analyst")
    COMPLIANCE = "compliance", _("Compliance")
    OPERATOR = "operator", _("Data operator")
    ADMINISTRATOR = "administrator", _("Administrator")


_SERVICE = frozenset(
    {"clients.view", "clients.reveal", "clients.edit", "clients.prospects"}
    | {"interactions.view", "interactions.log", "desk.work", "exports.request"}
    | {"knowledge.view", "quality.view", "quality.appeal"}
    | {"cases.view", "cases.work", "complaints.view"}
    | {"tasks.view", "tasks.work", "campaigns.view", "campaigns.work"}
    | {"plans.view"}
    | {"segments.view", "segments.make"}
)
# What a team lead and a branch manager do for the whole team: assign, bulk actions, import, merge, share.
_LEADING = frozenset(
    {"clients.assign", "clients.bulk", "clients.import", "clients.merge", "clients.looks", "views.share"}
    | {"tasks.assign", "campaigns.manage", "campaigns.approve", "campaigns.exclude"}
    | {"segments.share"}
)
# Of the desk: give contacts to others, write rules, shared replies and scripts, see how well it is served.
_DESK = frozenset({"desk.assign", "desk.rules", "levels.view", "recordings.listen"})
# Write articles, review those of others, inspect contacts and see how they were found.
_KNOWING = frozenset({"knowledge.write", "knowledge.review", "quality.inspect", "quality.figures"})
# Of cases: give them to others, approve longer times and answers to many. Types and the complaints register
# are the firm's: those rights hold only where they are held for all of it.
_CASES = frozenset({"cases.assign", "incidents.manage"})
_CASES_OF_THE_FIRM = frozenset({"cases.settings", "complaints.register"})
# Calling back clients of others; a client manager sees only clients that others have to call.
_CALLING = frozenset({"callbacks.view", "callbacks.work"})
# Programmes of callbacks are the firm's too; one writes them, another approves.
_PROGRAMMES_OF_THE_FIRM = frozenset({"callbacks.manage", "callbacks.approve"})
# The service plan is the firm's: who may write it may only where that right is held for all of it.
_PLANS = frozenset({"plans.manage"})
_FIGURES = frozenset({"segmentation.view", "kpis.view"})
# A tier by hand: one person proposes it, another approves it; never who answers for the branch's scorecard.
_OVERRIDING = frozenset({"tiers.override"})
# A card that pays: the unit confirms it or appeals, headquarters signs and answers; a scheme, a reward or the
# adoption of a later revision is proposed by one person and approved by another.
_ANSWERING_FOR_CARDS = frozenset({"kpis.confirm", "kpis.appeal"})
_SIGNING = frozenset({"kpis.sign", "kpis.schemes", "kpis.appeals_answer", "rewards.manage"})
_ADOPTING = frozenset({"kpis.adopt", "kpis.schemes_approve", "rewards.approve"})

# The monthly client analysis report tells of the whole firm: both rights hold only where held for all of it.
_REPORTS = frozenset({"reports.view", "reports.manage"})
RIGHTS: dict[str, frozenset[str]] = {
    Role.AGENT: _SERVICE | _CALLING | {"knowledge.write"},
    Role.TEAM_LEAD: _SERVICE | _CALLING | _LEADING | _DESK | _KNOWING | _CASES | _CASES_OF_THE_FIRM
    | _PROGRAMMES_OF_THE_FIRM | _PLANS | {"interactions.correct", "recordings.import"}
    | _REPORTS | {"proposals.answer"},
    Role.CLIENT_MANAGER: _SERVICE | {"kpis.view"},
    Role.BRANCH_MANAGER: _SERVICE | _CALLING | _LEADING | _DESK | _KNOWING | _CASES | _FIGURES
    | _OVERRIDING | {"kpis.targets", "clients.merge_approve"} | _ANSWERING_FOR_CARDS
    | {"reports.view", "proposals.answer"},
    Role.ANALYST: frozenset(),
    Role.RESEARCH_SUPERVISOR: frozenset({"reports.view", "proposals.answer"}),
    Role.VALUE_ANALYST: _FIGURES
    | {"clients.view", "kpis.targets", "kpis.approve", "runs.view"}
    | {"models.view", "models.write", "models.publish"}
    | {"exports.request", "views.share", "levels.view"}
    | {"plans.view", "plans.manage", "plans.approve"}
    | _OVERRIDING | {"tiers.approve"} | _SIGNING | _ADOPTING | _REPORTS
    | {"segments.view", "segments.make", "segments.share"},
    Role.COMPLIANCE: _FIGURES
    | {"clients.view", "clients.reveal", "clients.looks", "interactions.view", "levels.view"}
    | {"clients.merge_approve", "exports.request", "exports.approve", "tasks.view", "campaigns.view"}
    | {"callbacks.view", "callbacks.approve", "campaigns.exclude"}
    | {"plans.view", "plans.approve", "tiers.approve", "kpis.schemes_approve", "segments.view"}
    | {"models.view", "models.publish"}
    | {"recordings.listen"}
    | {"knowledge.view", "knowledge.review", "quality.view", "quality.figures"}
    | {"cases.view", "complaints.view", "complaints.register"}
    | {"audit.view", "feeds.view", "runs.view", "people.view"} | _ADOPTING | {"reports.view"},
    Role.OPERATOR: frozenset({"feeds.view", "feeds.load", "feeds.release", "runs.view", "runs.start"}),
    Role.ADMINISTRATOR: frozenset(
        {"people.view", "people.manage", "api_clients.manage", "channels.manage", "runs.view", "runs.start"}
    ),
}  # fmt: skip

# Roles that see clients by ownership only, or without identity.
OWN_CLIENTS_ONLY = frozenset({Role.CLIENT_MANAGER})
WITHOUT_IDENTITY = frozenset({Role.VALUE_ANALYST})
CLIENT_RIGHT = "clients.view"
# What cannot be done without seeing who the client is.
NEEDS_IDENTITY = frozenset(
    {"clients.reveal", "clients.edit", "clients.prospects", "clients.assign", "clients.bulk"}
    | {"clients.import", "clients.merge", "clients.merge_approve", "clients.looks"}
    | {"interactions.view", "interactions.log", "interactions.correct"}
    | {"cases.view", "cases.work", "cases.assign", "complaints.view", "complaints.register"}
    | {"tasks.view", "tasks.work", "tasks.assign", "callbacks.view", "callbacks.work"}
    | {"campaigns.view", "campaigns.work", "campaigns.manage", "campaigns.approve", "campaigns.exclude"}
    | {"desk.work", "desk.assign", "recordings.import", "recordings.listen"}
)

# What an API client may do by its OAuth2 scopes, in the words used for people.
SCOPE_RIGHTS: dict[str, frozenset[str]] = {
    "clients:read": frozenset({"clients.view"}),
    "clients:write": frozenset({"clients.edit", "clients.prospects", "clients.assign", "clients.import"}),
    "interactions:read": frozenset({"interactions.view"}),
    "interactions:write": frozenset({"interactions.log"}),
    "cases:read": frozenset({"cases.view", "complaints.view"}),
    "cases:write": frozenset({"cases.work", "cases.assign"}),
    "complaints:register": frozenset({"cases.view", "complaints.view", "complaints.register"}),
    "levels:read": frozenset({"levels.view"}),
    "knowledge:read": frozenset({"knowledge.view"}),
    "quality:read": frozenset({"quality.view", "quality.figures"}),
    "tasks:read": frozenset({"tasks.view", "plans.view"}),
    "tasks:write": frozenset({"tasks.work", "tasks.assign"}),
    "campaigns:read": frozenset({"campaigns.view"}),
    "campaigns:write": frozenset({"campaigns.work"}),
    "campaigns:manage": frozenset({"campaigns.manage", "campaigns.exclude"}),
    "callbacks:read": frozenset({"callbacks.view"}),
    "levels:write": frozenset({"desk.rules"}),
    "feeds:read": frozenset({"feeds.view"}),
    "feeds:write": frozenset({"feeds.load", "feeds.release"}),
    "runs:read": frozenset({"runs.view"}),
    "runs:write": frozenset({"runs.start"}),
    "scores:read": frozenset({"segmentation.view"}),
    "segments:read": frozenset({"segments.view"}),
    "segments:write": frozenset({"segments.make", "segments.share"}),
    "models:read": frozenset({"models.view"}),
    "scorecards:read": frozenset({"kpis.view"}),
    "targets:write": frozenset({"kpis.targets"}),
    "reports:read": frozenset({"reports.view"}),
    "units:read": frozenset({"units.view"}),
    "people:read": frozenset({"people.view"}),
    "exports:request": frozenset({"exports.request"}),
    "events:read": frozenset({"events.view"}),
}
