"""One thing of every kind for the access matrix, in the callers' own and in other units."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from clients.actions.contacts import add_contact_point
from clients.actions.relations import add_relation
from clients.models import FIRST_DAY, LAST_DAY, Client, ClientImport, DuplicatePair, Handover, Merge, Prospect
from core import audit, jobs
from core.crypto import seal
from core.files.content import File
from core.files.keeping import keep, scan
from core.models import BulkRun, Export, Run, SavedView
from interactions.actions.files import attach
from interactions.models import (
    CannedReply,
    Category,
    Contact,
    ContactLink,
    Conversation,
    Delivery,
    Interaction,
    LevelTarget,
    Line,
    Recording,
    RoutingRule,
    ServiceThreshold,
    Skill,
    SurveyRule,
)
from kpis.models import Target
from segmentation.models import ClientScore
from staff.clients import create_api_client
from staff.models import ApiClient, Unit
from tests.clients.people import make_client
from tests.crm.places_due import due_places
from tests.crm.places_knowledge import inspected, known
from tests.crm.places_models import model_places
from tests.crm.places_outreach import outreach_places
from tests.crm.places_overrides import override_places
from tests.crm.places_reports import report_places
from tests.crm.places_schemes import scheme_places
from tests.crm.places_segments import segment_places
from tests.crm.places_signing import appeal_places
from tests.knowledge.words import in_force
from tests.kpis.world import World
from tests.staff.doors import session_of
from trading.feed.columns import FILES
from trading.models import FeedPackage, QuarantinedRow, RecordSpan

Units = dict[str, Unit]
Places = dict[str, Any]
OLD = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
NIGHT = date(2026, 1, 5)


def make_places(cast: SimpleNamespace, units: Units) -> Places:
    """One thing of every kind, in the caller's own and in other units."""
    clients = {
        "own": make_client(units["1001"], "C000001", manager_no="M1001A"),
        "near": make_client(units["1001"], "C000002", manager_no="M1001B"),
        "next": make_client(units["1002"], "C000003", manager_no="M1002A"),
        "far": make_client(units["1005"], "C000004", manager_no="M1005A"),
    }
    for client in clients.values():
        ClientScore.objects.create(
            client=client, as_of=NIGHT, branch=client.branch, manager_no=client.manager_no, kind=client.kind,
            tier="NEW", tier_since=NIGHT, tier_reason="new",
        )  # fmt: skip
    contacts = {
        f"contact_{name}": Interaction.objects.create(
            client=client, channel="phone", direction="in", category=Category.objects.first(), started_at=OLD,
            started_on=OLD.date(), summary="asked", recorded_by="system",
        ).pk
        for name, client in clients.items()
    }  # fmt: skip
    return {
        **{name: client.client_no for name, client in clients.items()},
        **contacts,
        **segment_places(cast, units),
        "person": cast.agent_1001.pk,
        "session": session_of(cast.agent_1001),
        "role": cast.agent_1001.memberships.get().pk,
        "job": jobs.start(kind="toy", title="Toy", owner=cast.operator).pk,
        "system": _removable().pk,
        **_lists(cast),
        **_talks(clients),
        **_desk_settings(cast, units),
        **_feed(),
        **_around(clients),
        "prospect": _prospect(units["1001"]),
        **_alike(clients, cast),
        "import": ClientImport.objects.create(owner=cast.branch_manager_1001, name="x.csv", state="done").pk,
        "handover": _handover(clients["own"]).pk,
        **outreach_places(clients, cast, units),
        **due_places(clients),
        **override_places(clients, cast),
        **scheme_places(cast),
        **model_places(cast),
        "script": in_force(cast, "matrix").script.code,
        **known(cast, units),
        **make_cards(),
        **report_places(cast),
        **inspected(cast, units, clients),
        "run": Run.objects.create(as_of=NIGHT, requested_by="system", state="done", finished_at=OLD).pk,
    }


def _talks(clients: dict[str, Client]) -> Places:
    """A call of a client in the callers' own unit and one in the next; each with all that hangs on it."""
    unit = clients["own"].branch
    store = {"recordings_url": "http://recordings.example"}
    line = Line.objects.create(
        code="matrix-calls", adapter="hotline", name="Calls", unit=unit, settings=store
    )
    made: Places = {}
    for name in ("own", "next"):
        client = clients[name]
        contact = Contact.objects.create(
            kind="phone", address=b"", address_index=name.encode(), first_seen_at=OLD, last_seen_at=OLD
        )
        talk = Conversation.objects.create(
            line=line, channel="phone", thread=name, direction="in", client=client, contact=contact,
            unit=client.branch, opened_at=OLD,
        )  # fmt: skip
        kept = [keep(File("note.txt", "text/plain", b"words"))]
        (file,) = attach(conversation=talk, message=None, kept=kept, added_by="test")
        scan(file=file)
        made |= {
            f"talk_{name}": talk.pk, f"file_{name}": str(file.key),
            f"recording_{name}": str(_recording(line, talk).key),
            f"link_{name}": ContactLink.objects.create(contact=contact, client=client, linked_by="test").pk,
            f"delivery_{name}": Delivery.objects.create(
                line=line, client=client, purpose="service", recipient=b"", body=b"", due_at=OLD,
                requested_by="test",
            ).pk,
        }  # fmt: skip
    return made


def _recording(line: Line, talk: Conversation) -> Recording:
    return Recording.objects.create(
        line=line, call_id=talk.thread, started_at=OLD, ended_at=OLD, reference="rec/1.wav", sha256="a" * 64,
        conversation=talk, imported_by="test",
    )  # fmt: skip


def _desk_settings(cast: SimpleNamespace, units: Units) -> Places:
    """Rules and replies of 1001, of 1002 and of the firm, a skill, and somebody of the next branch."""
    next_line = Line.objects.create(code="matrix-next", adapter="chat", name="Chats", unit=units["1002"])
    lines = {"own": ["matrix-calls"], "next": [next_line.code], "firm": []}
    rules = {
        f"rule_{name}": RoutingRule.objects.create(
            position=1000 + number, name=name, lines=codes, target="queue"
        ).pk
        for number, (name, codes) in enumerate(lines.items())
    }
    keepers = {
        "own": {"unit": units["1001"]},
        "next": {"unit": units["1002"]},
        "agent": {"owner": cast.agent_1001},
    }
    replies = {
        f"reply_{name}": CannedReply.objects.create(code="hello", title="x", body="x", **keeper).pk
        for name, keeper in keepers.items()
    }
    skill = Skill.objects.create(code="margin", name_zh="两融", name_en="Margin")
    others = {"skill": skill.pk, "person_next": cast.agent_1002.pk, "line_own": next_line.pk}
    for name, unit in {"own": units["1001"], "next": units["1002"], "firm": None}.items():
        others[f"goal_{name}"] = LevelTarget.objects.create(
            figure="fcr", unit=unit, target=1, limit=0, from_date=date(2100, 1, 1)
        ).pk
    others["rule_survey"] = SurveyRule.objects.create(kind="case").pk
    others["threshold"] = ServiceThreshold.objects.earliest("pk").pk
    return {**rules, **replies, **others}


def _lists(cast: SimpleNamespace) -> Places:
    """A view and a request for a large file of the agent, and a bulk choice of the team lead."""
    agent, lead = cast.agent_1001, cast.team_lead_1001
    owned: dict[str, Any] = {"list_name": "clients", "owner_id": agent.pk, "owner_name": agent.username}
    export = Export.objects.create(
        format="csv", purpose="asked", counted=1001, needs_approval=True, state="asked", **owned
    )
    bulk = BulkRun.objects.create(list_name="clients", deed="tag", owner_id=lead.pk, owner_name=lead.username)
    view = SavedView.objects.create(name="mine", **owned)
    return {"view": view.pk, "bulk": bulk.pk, "export": export.pk}


def _around(clients: dict[str, Client]) -> Places:
    """A contact point and a relation of clients in the callers' own unit and in the next one."""
    made: Places = {}
    for name in ("own", "next"):
        client = clients[name]
        point = add_contact_point(actor=audit.SYSTEM, client=client, kind="mobile", value="13900000001")
        relation = add_relation(
            actor=audit.SYSTEM, client=client, kind="spouse", other_name="周平", from_date=NIGHT
        )
        made |= {f"point_{name}": point.pk, f"relation_{name}": relation.pk}
    return made


def make_cards() -> Places:
    """The cards of December 2025, and targets of another branch that wait for a second person."""
    world = World({unit.code: unit for unit in Unit.objects.all()}, first=date(2025, 10, 1))
    for client in Client.objects.exclude(status="prospect").select_related("branch"):
        world.clients[client.client_no] = client
        RecordSpan.objects.create(
            client=client, from_date=FIRST_DAY, to_date=LAST_DAY, branch=client.branch, status="normal",
            manager_no=client.manager_no, kind=client.kind, opened_on=client.opened_on,
        )  # fmt: skip
        world.event(client.client_no, "2024-03-31", "EFFECTIVE")
    run = world.run("2025-12-31")
    Run.objects.filter(pk=run.pk).update(finished_at=OLD - timedelta(days=4))
    target = world.targets(unit="branch:1002")
    Target.objects.filter(pk=target.pk).update(state="proposed", needs_approval=True)
    wanted = {"own": "branch:1001", "next": "branch:1002", "mine": "manager:M1001A"}
    cards = {f"card_{name}": world.card("2025-12", unit).pk for name, unit in wanted.items()}
    return {"target": target.pk} | cards | appeal_places(cards)


def _alike(clients: dict[str, Client], cast: SimpleNamespace) -> Places:
    """A pair that may be one client, and a proposal to join them."""
    left, right = clients["own"], clients["near"]
    pair = DuplicatePair.objects.create(left=left, right=right, likelihood=80, reasons=["id"])
    merge = Merge.objects.create(
        survivor=left, merged=right, reason="same ID", proposed_by=cast.team_lead_1001
    )
    return {"pair": pair.pk, "merge": merge.pk}


def _feed() -> Places:
    header = list(FILES["trades.csv"].column_names)
    counts = {"header": header, "rows": 1, "loaded": 0, "quarantined": 1, "dropped": 0}
    package = FeedPackage.objects.create(
        name="one.zip",
        trade_date=NIGHT,
        version=1,
        state="loaded",
        files={"trades.csv": counts},
        sent_by="system",
    )
    row = QuarantinedRow(
        package=package, file="trades.csv", line=2, key="T1", column="trade_no", code="empty", state="held"
    )
    row.raw = seal("," * (len(header) - 1), row.context)
    row.save()
    return {"package": package.pk, "row": row.pk}


def _prospect(branch: Unit) -> str:
    """One of 1001 and M1001A, whose page is not among those that lists are asked for."""
    client = Client.objects.create(
        client_no="P00000001", kind="individual", name="潜在客户", id_type="resident_id", branch=branch,
        manager_no="M1001A", status="prospect", told_on=FIRST_DAY,
    )  # fmt: skip
    Prospect.objects.create(
        client=client, source="event", stage_since=OLD, entered_on=OLD.date(), entered_by="system"
    )
    return client.client_no


def _handover(client: Client) -> Handover:
    """One that can be taken back: it lies ahead."""
    return Handover.objects.create(
        client=client, from_date=date(2100, 1, 1), branch=client.branch, old_branch=client.branch,
        old_manager_no=client.manager_no, reason="asked", made_by="system", made_at=OLD,
    )  # fmt: skip


def _removable() -> ApiClient:
    made = create_api_client(actor=audit.SYSTEM, name="removable", scopes=["units:read"], unit_codes=["HQ"])
    return made.client
