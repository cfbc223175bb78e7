"""Every page passes axe (WCAG 2.2 AA) in light and dark, wide and narrow; none is too wide or too heavy."""

import pytest
from django.db.models import Q
from playwright.sync_api import expect

from cases.models import Case
from core import crypto
from interactions.models import Conversation, Line, Survey
from kpis.models import Proposal, Scorecard
from outreach.models import Callback, Campaign, DueContact, Task
from segmentation.models import ModelDraft, Segment
from tests.journeys.axe import faults, look
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, enter

PAGES = [
    ("agent_1001", "/"),
    ("agent_1001", "/clients/?size=20"),
    ("agent_1001", "/clients/{found}/"),
    ("team_lead_1001", "/clients/?size=20&col=tags&height=compact"),
    ("agent_1001", "/exports/new/clients/?tier=V4"),
    ("compliance", "/exports/"),
    ("branch_manager_1001", "/prospects/"),
    ("branch_manager_1001", "/prospects/new/"),
    ("branch_manager_1001", "/prospects/matches/"),
    ("branch_manager_1001", "/clients/imports/"),
    ("branch_manager_1001", "/clients/imports/1/"),
    ("branch_manager_1001", "/clients/duplicates/"),
    ("branch_manager_1001", "/clients/merges/"),
    ("branch_manager_1001", "/clients/merges/new/?left={found}&right={quiet}"),
    ("branch_manager_1001", "/clients/hand-over/?manager=M1001A"),
    ("branch_manager_1001", "/clients/{found}/hand-over/"),
    ("value_analyst", "/segments/models/"),
    ("value_analyst", "/segments/models/drafts/{model_draft}/"),
    ("value_analyst", "/segments/models/drafts/{model_draft}/edit/"),
    ("agent_1001", "/interactions/?size=20"),
    ("agent_1001", "/desk/?size=20"),
    ("agent_1001", "/desk/conversations/{called}/"),
    ("agent_hq", "/desk/conversations/{chat}/"),
    ("agent_1001", "/desk/write/{found}/"),
    ("agent_1001", "/desk/sent/"),
    ("agent_1001", "/desk/day/"),
    ("team_lead_hq", "/desk/settings/rules/"),
    ("team_lead_1001", "/desk/settings/rules/new/"),
    ("team_lead_1001", "/desk/settings/rules/try/?line=chat"),
    ("team_lead_1001", "/desk/settings/skills/"),
    ("team_lead_hq", "/desk/settings/thresholds/"),
    ("agent_1001", "/desk/settings/replies/"),
    ("agent_1001", "/desk/settings/replies/new/"),
    ("administrator", "/desk/settings/lines/"),
    ("administrator", "/desk/settings/lines/new/"),
    ("administrator", "/desk/settings/lines/{line}/"),
    ("administrator", "/desk/settings/parked/"),
    ("agent_1001", "/desk/conversations/{served}/"),
    ("agent_1001", "/desk/surveys/?size=20"),
    ("team_lead_hq", "/desk/settings/surveys/"),
    ("team_lead_hq", "/desk/settings/surveys/1/"),
    ("team_lead_hq", "/desk/settings/targets/"),
    ("team_lead_1001", "/desk/recordings/"),
    ("team_lead_1001", "/desk/wall/"),
    ("team_lead_1001", "/desk/levels/"),
    ("agent_1001", "/tasks/?size=20"),
    ("agent_1001", "/tasks/new/"),
    ("agent_1001", "/tasks/{task}/"),
    ("agent_1001", "/tasks/calendar/?shape=month"),
    ("agent_1001", "/tasks/calendar/?shape=week"),
    ("agent_1001", "/tasks/calendar/?shape=day"),
    ("agent_1001", "/tasks/calendar/address/"),
    ("team_lead_1001", "/campaigns/"),
    ("team_lead_1001", "/campaigns/new/"),
    ("team_lead_1001", "/campaigns/{ended}/"),
    ("team_lead_1001", "/campaigns/{ended}/members/?size=20"),
    ("agent_1001", "/campaigns/{running}/work/"),
    ("team_lead_1001", "/campaigns/exclusions/?size=20"),
    ("team_lead_1001", "/tasks/plans/"),
    ("team_lead_1001", "/tasks/plans/new/"),
    ("value_analyst", "/reports/"),
    ("value_analyst", "/reports/{reported}/"),
    ("value_analyst", "/reports/{reported}/sections/at_risk/"),
    ("branch_manager_1001", "/reports/proposals/?size=20"),
    ("branch_manager_1001", "/reports/proposals/{proposal}/"),
    ("agent_1001", "/callbacks/?kind=yearly"),
    ("agent_1001", "/callbacks/list/?size=20"),
    ("agent_1001", "/callbacks/{callback}/"),
    ("team_lead_1001", "/callbacks/{in_hand}/"),
    ("compliance", "/callbacks/draws/2026/"),
    ("team_lead_hq", "/callbacks/programmes/"),
    ("team_lead_hq", "/callbacks/programmes/product_risk/"),
    ("team_lead_hq", "/callbacks/programmes/yearly/edit/"),
    ("team_lead_1001", "/worklists/?size=20"),
    ("agent_1001", "/worklists/{due}/"),
    ("agent_1001", "/worklists/{due}/call/"),
    ("team_lead_hq", "/worklists/plan/"),
    ("team_lead_hq", "/worklists/plan/edit/"),
    ("team_lead_hq", "/worklists/plan/suggestions/"),
    ("branch_manager_1001", "/worklists/plan/kept/"),
    ("agent_1001", "/notices/"),
    ("agent_1001", "/notices/settings/"),
    ("agent_1001", "/scripts/"),
    ("team_lead_1001", "/scripts/complaint-first/"),
    ("team_lead_1001", "/scripts/complaint-first/edit/"),
    ("team_lead_1001", "/knowledge/?size=20"),
    ("team_lead_1001", "/knowledge/1/"),
    ("team_lead_1001", "/knowledge/new/"),
    ("team_lead_hq", "/quality/?size=20"),
    ("team_lead_hq", "/quality/figures/?since=2026-08-01&until=2026-10-31"),
    ("team_lead_hq", "/quality/plans/"),
    ("team_lead_hq", "/quality/forms/contacts/"),
    ("value_analyst", "/segments/"),
    ("value_analyst", "/segments/history/"),
    ("value_analyst", "/segments/cohorts/"),
    ("value_analyst", "/segments/cells/"),
    ("value_analyst", "/clients/?current=1&potential=1&size=20"),
    ("value_analyst", "/segments/overrides/?size=20"),
    ("compliance", "/segments/overrides/6/"),
    ("team_lead_1001", "/segments/saved/?size=20"),
    ("team_lead_1001", "/segments/saved/{segment}/"),
    ("team_lead_1001", "/segments/saved/{segment}/edit/"),
    ("team_lead_1001", "/segments/saved/{segment}/moves/?size=20"),
    ("branch_manager_1001", "/scorecards/"),
    ("branch_manager_1001", "/scorecards/contributions/?card={card}&group=H"),
    ("branch_manager_1001", "/scorecards/{card}/contributions/{found}/?group=H"),
    ("region_manager_r1", "/scorecards/league/"),
    ("value_analyst", "/scorecards/targets/"),
    ("value_analyst", "/scorecards/targets/grid/?period_type=month&from_period=2027-01"),
    ("branch_manager_1001", "/scorecards/targets/history/"),
    ("value_analyst", "/scorecards/rewards/?pool=1000"),
    ("branch_manager_1001", "/scorecards/rewards/units/"),
    ("value_analyst", "/scorecards/schemes/"),
    ("value_analyst_2", "/scorecards/schemes/drafts/1/"),
    ("value_analyst", "/scorecards/what-if/?type=branch"),
    ("operator", "/feeds/?size=20"),
    ("operator", "/feeds/1/"),
    ("operator", "/feeds/quarantine/"),
    ("operator", "/feeds/quarantine/1/"),
    ("operator", "/runs/"),
    ("operator", "/runs/1/"),
    ("administrator", "/people/?size=20"),
    ("administrator", "/units/"),
    ("administrator", "/people/1/"),
    ("administrator", "/sign-ins/"),
    ("administrator", "/sign-ins/confirm/"),
    ("administrator", "/api-clients/"),
    ("compliance", "/audit/?size=20"),
    ("agent_1001", "/cases/?size=20"),
    ("agent_1001", "/cases/board/"),
    ("agent_1001", "/cases/new/"),
    ("agent_1001", "/cases/{case}/"),
    ("agent_1001", "/cases/{case}/edit/"),
    ("agent_1001", "/cases/new/?type=complaint"),
    ("agent_1001", "/cases/{complaint}/"),
    ("team_lead_1001", "/cases/{complaint}/"),
    ("compliance", "/cases/complaints/?size=20"),
    ("team_lead_1001", "/cases/incidents/"),
    ("team_lead_1001", "/cases/incidents/1/"),
    ("team_lead_hq", "/cases/settings/"),
    ("team_lead_hq", "/cases/settings/complaint/"),
]


def test_the_sign_in_page(site: Site, firm: Firm) -> None:
    assert not look(site, "/sign-in/")


def test_the_page_that_a_client_answers(site: Site, firm: Firm) -> None:
    asked = Survey.objects.filter(answered_at=None).select_related("delivery").latest("pk").delivery
    text = crypto.unseal(asked.body, asked.context("body"))
    path = f"/survey/{text.split('/survey/')[1].split('/')[0]}/"
    assert not look(site, path)
    site.page.get_by_label("非常满意", exact=True).check()
    site.page.get_by_label("10", exact=True).check()
    site.page.get_by_role("button", name="提交评价").click()
    expect(site.page.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    assert not faults(site.page)


@pytest.mark.parametrize(("reader", "path"), PAGES, ids=[path for _reader, path in PAGES])
def test_a_page(site: Site, firm: Firm, reader: str, path: str) -> None:
    enter(site, getattr(firm.people, reader))
    talks = {"called": _talk("demo-call-1"), "chat": _talk("chat")} if "/conversations/" in path else {}
    talks |= {"served": _talk("demo-served-1")} if "{served}" in path else {}
    talks |= {"line": Line.objects.get(code="email").pk} if "{line}" in path else {}
    talks |= {"case": _case("service_request")} if "{case}" in path else {}
    talks |= {"complaint": _case("complaint")} if "{complaint}" in path else {}
    talks |= _callbacks(firm) if "/callbacks/{" in path else {}
    talks |= {"task": _task(firm)} if "{task}" in path else {}
    talks |= {"ended": _campaign("evaluated")} if "{ended}" in path else {}
    talks |= {"running": _campaign("running")} if "{running}" in path else {}
    talks |= {"segment": Segment.objects.get(unit__code="1001").pk} if "{segment}" in path else {}
    talks |= {"due": _due()} if "{due}" in path else {}
    talks |= {"model_draft": ModelDraft.objects.earliest("pk").pk} if "{model_draft}" in path else {}
    talks |= {"card": _card()} if "{card}" in path else {}
    talks |= _report() if "/reports/" in path else {}
    assert not look(site, path.format(found=firm.found, quiet=firm.quiet, **talks))


def _card() -> int:
    """The newest of branch 1001."""
    return (
        Scorecard.objects.filter(unit_type="branch", unit_code="1001", current=True).latest("start", "pk").pk
    )


def _callbacks(firm: Firm) -> dict[str, int]:
    """One of branch 1001 that is over, and one that the team lead has in hand."""
    own = Callback.objects.filter(client__branch__code="1001").order_by("pk")
    lead = firm.people.team_lead_1001
    held = own.filter(state="open").exclude(client__manager_no=lead.employee_no).first()
    assert held is not None
    own.filter(caller=lead, state="open").update(caller=None, caller_no="")
    own.filter(pk=held.pk).update(caller=lead, caller_no=lead.employee_no)
    over = own.exclude(state__in=["open", "dropped"]).latest("ended_at")
    return {"callback": over.pk, "in_hand": held.pk}


def _case(kind: str) -> int:
    """The newest case of a type of branch 1001."""
    own = Case.objects.filter(unit__code="1001", type__code=kind)
    return own.latest("opened_at").pk


def _report() -> dict[str, str | int]:
    """A report that is out, and a proposal of it that branch 1001 has accepted."""
    proposal = Proposal.objects.filter(unit__code="1001", state="done").latest("pk")
    return {"reported": proposal.report.period, "proposal": proposal.pk}


def _due() -> int:
    """An entry of a worklist that waits."""
    return DueContact.objects.filter(state="open", branch__code="1001").latest("pk").pk


def _talk(thread: str) -> int:
    """A conversation of the demo: by its thread, or the newest of a channel."""
    return Conversation.objects.filter(Q(thread=thread) | Q(channel=thread)).latest("opened_at").pk


def _campaign(state: str) -> int:
    """The demo's first one in this state."""
    return Campaign.objects.filter(state=state).earliest("pk").pk


def _task(firm: Firm) -> int:
    """The demo's task with a checklist."""
    return Task.objects.filter(assignee=firm.people.agent_1001).exclude(steps=None).latest("pk").pk


def test_every_tab_of_a_client(site: Site, firm: Firm) -> None:
    enter(site, firm.people.agent_1001)
    site.open(f"/clients/{firm.found}/")
    for tab in site.page.get_by_role("tab").all()[1:]:
        tab.click()
        filled = site.page.get_by_role("tabpanel").locator("table:visible, li:visible, .empty:visible")
        expect(filled.first).to_be_visible()
        assert not faults(site.page)


def test_the_search_box_and_the_keyboard_help_while_open(site: Site, firm: Firm) -> None:
    enter(site, firm.people.agent_1001)
    site.open("/")
    site.page.wait_for_load_state()  # the key is heard once the scripts run
    site.page.keyboard.press("Control+k")
    site.page.keyboard.type(firm.found.initials)
    expect(site.page.locator("#palette").get_by_role("option").first).to_contain_text(firm.found.name)
    assert not faults(site.page)
    site.page.keyboard.press("Escape")
    expect(site.page.locator("#palette")).to_be_hidden()
    help_ = site.page.locator("#keyboard-help")
    for _press in range(3):  # a busy machine may still be giving the focus back
        if help_.is_hidden():
            site.page.keyboard.press("?")
            site.page.wait_for_timeout(300)
    expect(help_).to_be_visible()
    assert not faults(site.page)
