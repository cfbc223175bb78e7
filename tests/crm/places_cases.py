"""Cases for the access matrix: in the callers' own unit and in the next, and one about the team lead."""

from types import SimpleNamespace
from typing import Any

from cases.actions.complaints import recuse
from cases.actions.files import add_files
from cases.actions.incidents import open_incident
from cases.models import Case
from clients.models import Client
from core import audit
from core.files.content import File
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
    places = {"own": made["case_own"], "next": made["case_next"], "about": about.pk}
    made |= {f"file_{name}": _file(pk) for name, pk in places.items()}
    incident = open_incident(actor=cast.team_lead_hq, title="行情中断")
    return {**made, "about_lead": about.pk, "incident": incident.pk}


def _file(pk: int) -> str:
    """A file that may be opened."""
    case = Case.objects.get(pk=pk)
    (file,) = add_files(actor=audit.SYSTEM, case=case, uploads=[File("note.txt", "text/plain", b"words")])
    return str(file.key)
