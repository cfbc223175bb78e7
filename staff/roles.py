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


_SERVICE = frozenset({"clients.view", "clients.reveal", "interactions.view", "interactions.log"})
_FIGURES = frozenset({"segmentation.view", "kpis.view"})

RIGHTS: dict[str, frozenset[str]] = {
    Role.AGENT: _SERVICE,
    Role.TEAM_LEAD: _SERVICE | {"interactions.correct"},
    Role.CLIENT_MANAGER: _SERVICE | {"kpis.view"},
    Role.BRANCH_MANAGER: _SERVICE | _FIGURES | {"kpis.targets"},
    Role.ANALYST: frozenset(),
    Role.RESEARCH_SUPERVISOR: frozenset(),
    Role.VALUE_ANALYST: _FIGURES
    | {"clients.view", "kpis.targets", "kpis.approve", "models.publish", "runs.view"},
    Role.COMPLIANCE: _FIGURES
    | {"clients.view", "clients.reveal", "interactions.view"}
    | {"audit.view", "feeds.view", "runs.view", "people.view"},
    Role.OPERATOR: frozenset({"feeds.view", "feeds.load", "feeds.release", "runs.view", "runs.start"}),
    Role.ADMINISTRATOR: frozenset(
        {"people.view", "people.manage", "api_clients.manage", "runs.view", "runs.start"}
    ),
}  # fmt: skip

# Roles that see clients by ownership only, or without identity.
OWN_CLIENTS_ONLY = frozenset({Role.CLIENT_MANAGER})
WITHOUT_IDENTITY = frozenset({Role.VALUE_ANALYST})
CLIENT_RIGHT = "clients.view"
# What cannot be done without seeing who the client is.
NEEDS_IDENTITY = frozenset(
    {"clients.reveal", "interactions.view", "interactions.log", "interactions.correct"}
)

# What an API client may do by its OAuth2 scopes, in the words used for people.
SCOPE_RIGHTS: dict[str, frozenset[str]] = {
    "clients:read": frozenset({"clients.view"}),
    "interactions:read": frozenset({"interactions.view"}),
    "interactions:write": frozenset({"interactions.log"}),
    "feeds:read": frozenset({"feeds.view"}),
    "feeds:write": frozenset({"feeds.load", "feeds.release"}),
    "runs:read": frozenset({"runs.view"}),
    "runs:write": frozenset({"runs.start"}),
    "scores:read": frozenset({"segmentation.view"}),
    "scorecards:read": frozenset({"kpis.view"}),
    "targets:write": frozenset({"kpis.targets"}),
    "units:read": frozenset({"units.view"}),
    "people:read": frozenset({"people.view"}),
    "events:read": frozenset({"events.view"}),
}
