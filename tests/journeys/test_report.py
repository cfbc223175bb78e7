"""The client analysis report: written on, submitted, released by another; the branch accepts its proposal."""

import pytest
from playwright.sync_api import expect

from core import audit
from kpis.actions import proposals, reports
from kpis.models import Proposal, Report
from kpis.rules import parse_period
from staff.models import Person, Unit
from tests.journeys.firm import AS_OF, Firm
from tests.journeys.steps import Site, sign_in

MONTH = f"{AS_OF:%Y-%m}"
TITLE = "逐户核对新客户首季服务"


@pytest.fixture
def draft(firm: Firm) -> Report:
    """This month's report as a draft again, with one proposal to branch 1001."""
    Proposal.objects.filter(report__period=MONTH).delete()
    Report.objects.filter(period=MONTH).delete()
    report = reports.draft_report(actor=audit.SYSTEM, period=parse_period(MONTH))
    told = proposals.Told(
        title=TITLE, text="- 逐户核对", unit=Unit.objects.get(code="1001"), role="branch_manager",
        due_on=AS_OF.replace(year=AS_OF.year + 1),
    )  # fmt: skip
    proposals.write_proposal(actor=firm.people.value_analyst, report=report, told=told)
    return report


def _as(site: Site, person: Person) -> None:
    site.page.context.clear_cookies()
    sign_in(site, person)


def test_written_released_and_its_proposal_accepted(site: Site, firm: Firm, draft: Report) -> None:
    page = site.page
    _as(site, firm.people.value_analyst)
    site.open("/reports/")
    page.get_by_role("link", name=MONTH).click()
    page.locator("#movement").get_by_role("link", name="撰写").click()
    page.get_by_label("正文（中文）").fill("月末共 **{clients}** 户。")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    held = draft.sections.get(key="movement").figures["facts"]["clients"][1]
    expect(page.locator("#movement strong")).to_have_text(f"{int(held):,}")
    with page.expect_navigation():
        page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("由另一人发布或退回")).to_be_visible()
    expect(page.get_by_role("button", name="发布")).to_have_count(0)

    _as(site, firm.people.value_analyst_2)
    site.open(f"/reports/{MONTH}/")
    with page.expect_navigation():
        page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布").first).to_be_visible()

    _as(site, firm.people.branch_manager_1001)
    site.open("/")
    page.get_by_role("link", name="待答复的建议").click()
    site.settle()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("负责人").select_option(label="周敏 (zhou.min)")
    with page.expect_navigation():
        page.get_by_role("button", name="采纳").click()
    proposal = Proposal.objects.get(title=TITLE)
    assert (proposal.state, proposal.owner) == ("accepted", firm.people.manager_1001a)
    expect(page.get_by_text("已采纳").first).to_be_visible()
