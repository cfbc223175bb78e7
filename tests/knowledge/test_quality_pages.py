"""Pages and API of quality inspection as people and systems meet them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Appeal, Inspection, SamplingPlan, ScoringForm
from knowledge.queries.quality import holds
from tests.clients.people import make_client
from tests.knowledge.samples import FINE, WEEK, drawn, plan, scored, sheet, talked

pytestmark = pytest.mark.django_db
PERIOD = f"since={WEEK}&until={WEEK + timedelta(days=6)}"


@pytest.fixture
def worked(cast, units):
    """Four drawn contacts of an agent of 1001."""
    talked(make_client(units["1001"], "C000001", manager_no="M1001A"), cast.agent_1001, 4)
    sheet(cast)
    drawn(cast, plan(cast, units["1001"], number=4))
    return cast


def answers(results: dict[str, str] = FINE) -> dict[str, str]:
    return {f"{key}-result": result for key, result in results.items()} | {"coaching": "先核对身份"}


def test_from_the_form_to_the_draw(cast, units, as_person) -> None:
    lead = as_person(cast.team_lead_1001)
    items = {
        "items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0", "items-0-section_zh": "开场",
        "items-0-zh": "核对身份", "items-0-weight": "60", "items-0-fatal": "on", "items-0-ORDER": "1",
        "items-1-zh": "礼貌", "items-1-ORDER": "2",
    }  # fmt: skip
    head = {"code": "visits", "name_zh": "临柜评分表", "pass_points": "80"}
    assert lead.post("/quality/forms/new/", items | head).status_code == 422
    items |= {"items-1-section_zh": "开场", "items-1-weight": "40"}
    assert lead.post("/quality/forms/new/", items | head)["Location"] == "/quality/plans/"
    assert [item["weight"] for item in ScoringForm.objects.get().items] == ["60", "40"]
    told = {"name": "临柜", "unit": "1001", "form_code": "visits", "each_agent": "on", "active": "on"}
    assert lead.post("/quality/plans/new/", told).status_code == 422
    assert lead.post("/quality/plans/new/", told | {"unit": "1002", "share": "10"}).status_code == 422
    address = lead.post("/quality/plans/new/", told | {"share": "12.5"})["Location"]
    made = SamplingPlan.objects.get()
    assert (address, made.share) == (f"/quality/plans/{made.pk}/", Decimal("0.125"))
    stale = told | {"number": "3", "version": "7"}
    assert lead.post(f"{address}edit/", stale).status_code == 409
    assert lead.post(f"{address}edit/", told | {"number": "3", "version": "1"}).status_code == 302
    lead.post(f"{address}draw/")
    draw = made.draws.get()
    assert holds(draw) and draw.drawn_by == "song.xiaoyu"
    assert draw.seed in lead.get(f"{address}?check={draw.pk}").content.decode()


def test_from_the_queue_to_the_answered_appeal(worked, as_person) -> None:
    lead, agent = as_person(worked.team_lead_1001), as_person(worked.agent_1001)
    one = Inspection.objects.earliest("pk")
    address = f"/quality/{one.pk}/"
    assert agent.get(address).status_code == 404
    assert address in lead.get("/quality/?mine=true&state=waiting").content.decode()
    lead.post(f"{address}take/")
    body = lead.get(address).content.decode()
    assert "核对身份" in body and f'hx-get="/interactions/{one.subject}/inspected/"' in body
    assert "asked" in lead.get(f"/interactions/{one.subject}/inspected/").content.decode()
    assert lead.post(f"{address}score/", {"i1-result": "met"}).status_code == 422
    lead.post(f"{address}score/", answers({**FINE, "i1": "missed"}))
    body = agent.get(address).content.decode()
    assert "先核对身份" in body and "0.00" in body and f"{address}appeal/" in body
    assert address in agent.get("/quality/").content.decode()
    agent.post(f"{address}appeal/", {"reason": "录音第一分钟已核对"})
    assert f"{address}appeal/answer/" not in lead.get(address).content.decode()
    manager = as_person(worked.branch_manager_1001)
    assert address in manager.get("/quality/?appealed=true").content.decode()
    anew = manager.post(f"{address}appeal/answer/", {"accepted": "1", "answer": "确有核对"})["Location"]
    assert Appeal.objects.get().state == "accepted"
    manager.post(f"{anew}score/", answers())
    assert "88.57" in agent.get(anew).content.decode()
    assert anew in agent.get(address).content.decode()


def test_figures_and_their_files(worked, as_person, as_system) -> None:
    for one in Inspection.objects.all():
        scored(worked.team_lead_1001, one)
    manager = as_person(worked.branch_manager_1001)
    body = manager.get(f"/quality/figures/?{PERIOD}").content.decode()
    assert "刘思琪" in body and "88.57" in body and "内容准确" in body
    lines = (
        manager.get(f"/quality/figures/?{PERIOD}&by=month&format=csv")
        .content.decode("utf-8-sig")
        .split("\r\n")
    )
    assert lines[:2] == [
        "key,name,inspections,points,passed,pass_share,fatal,appeals,accepted",
        "2026-10,2026-10,4,88.57,4,1.0000,0,0,0",
    ]
    file = manager.get(f"/quality/figures/?{PERIOD}&format=items").content.decode("utf-8-sig")
    assert "calls,i2,0,4,0,0,0.5000,礼貌用语" in file
    assert manager.get("/quality/figures/?since=2026-02-30").status_code == 422
    near, far = as_system("quality:read", at=("1001",)), as_system("quality:read", at=("1002",), name="far")
    (row,) = near.get(f"/api/v1/quality-figures/?{PERIOD}&by=unit").json()
    assert (row["key"], row["inspections"], row["points"]) == ("1001", 4, "88.57")
    assert far.get(f"/api/v1/quality-figures/?{PERIOD}").json() == []
    assert near.get("/api/v1/quality-figures/?until=1999-01-01").status_code == 400
    results = near.get("/api/v1/inspections/?state=done").json()["results"]
    assert len(results) == 4 and results[0]["answers"][1] == {"item": "i2", "result": "partly", "comment": ""}
    assert far.get("/api/v1/inspections/").json()["results"] == []


def test_calibration_by_hand(worked, as_person) -> None:
    lead, plan_ = as_person(worked.team_lead_1001), SamplingPlan.objects.get()
    told = {"name": "校准", "source": plan_.draws.get().pk, "contacts": "1"}
    people = ["song.xiaoyu", "wang.haifeng"]
    assert lead.post("/quality/calibrations/new/", told | {"inspectors": people[:1]}).status_code == 422
    address = lead.post("/quality/calibrations/new/", told | {"inspectors": people})["Location"]
    assert "0 / 1" in lead.get(address).content.decode()
    for row in Inspection.objects.filter(calibration__isnull=False):
        scored(row.inspector, row)
    assert "100.0%" in lead.get(address).content.decode()
    assert address in lead.get("/quality/calibrations/").content.decode()


def test_the_queue_stays_quick(worked, as_person) -> None:
    lead, counted = as_person(worked.team_lead_1001), []
    for size in (20, 200):
        with CaptureQueriesContext(connection) as asked:
            lead.get(f"/quality/?size={size}")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 15
