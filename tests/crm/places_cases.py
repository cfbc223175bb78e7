"""Cases for the access matrix: in the callers' own unit and in the next, and one about the team lead."""

from types import SimpleNamespace
from typing import Any

from cases.actions.complaints import recuse
from cases.actions.incidents import open_incident
from clients.models import Client
from core import audit
from tests.cases.world import make_case

CASES = ("/cases/", "/api/v1/cases/", "/api/v1/complaints/")  # addresses that need them


def make_cases(cast: SimpleNamespace) -> dict[str, Any]:
    """Of the clients {own} and {next}; opened by the system, so that nobody owns them."""
    numbers = {"own": "C000001", "next": "C000003"}
    clients = {name: Client.objects.get(client_no=number) for name, number in numbers.items()}
    made: dict[str, Any] = {}
    for name in numbers:
        made[f"case_{name}"] = make_case(audit.SYSTEM, clients[name]).pk
        made[f"complaint_{name}"] = make_case(audit.SYSTEM, clients[name], "complaint").pk
    about = make_case(audit.SYSTEM, clients["own"], "complaint")
    recuse(actor=audit.SYSTEM, case=about, person=cast.team_lead_1001)
    incident = open_incident(actor=cast.team_lead_hq, title="行情中断")
    return {**made, "about_lead": about.pk, "incident": incident.pk}
