"""A card that pays: confirmed by the region, signed at headquarters; an appeal becomes an adjustment."""

from playwright.sync_api import expect

from kpis.models import Adjustment, CardAppeal, Scorecard
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, as_another, sign_in

SEPTEMBER = "2026-09"


def test_a_region_confirms_its_card_and_headquarters_signs(site: Site, firm: Firm) -> None:
    page, card = (
        site.page,
        Scorecard.objects.get(period=SEPTEMBER, unit_type="region", unit_code="R1", current=True),
    )
    sign_in(site, firm.people.region_manager_r1)
    site.open(f"/scorecards/sign-off/?period={SEPTEMBER}&unit_type=region")
    page.get_by_role("row").filter(has_text="R1").get_by_role("link").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="确认看板").click()
    expect(page.get_by_text("待签署").first).to_be_visible()
    expect(page.get_by_role("button", name="签署看板")).to_have_count(0)

    as_another(site, firm.people.value_analyst)
    site.open("/")
    page.get_by_role("link", name="待签署的绩效看板").click()
    site.settle()
    assert site.query["stage"] == ["confirmed"]
    site.open(f"/scorecards/sign-off/?period={SEPTEMBER}&stage=confirmed&unit_type=region")
    page.get_by_role("row").filter(has_text="R1").get_by_role("link").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="签署看板").click()
    expect(page.locator(".timeline")).to_contain_text(firm.people.value_analyst.name)
    card.refresh_from_db()
    assert (card.state, card.sign_off.confirmed_by) == ("final", firm.people.region_manager_r1)


def test_an_appeal_becomes_an_adjustment_by_two_persons(site: Site, firm: Firm) -> None:
    page, told = site.page, CardAppeal.objects.get(state=CardAppeal.State.LODGED, card__unit_code="1001")
    sign_in(site, firm.people.value_analyst)
    site.open("/")
    page.get_by_role("link", name="待答复的看板申诉").click()
    site.settle()
    page.get_by_role("row").filter(has_text="1001").get_by_role("link").first.click()
    page.get_by_label("答复", exact=True).fill("属实，按期内事件调整。")
    page.get_by_label("处理方式").select_option("adjustment")
    page.get_by_label("调整项目").select_option("new")
    page.get_by_label("调整数额").fill("1")
    with page.expect_navigation():
        page.get_by_role("button", name="认可").click()
    expect(page.get_by_text("待第二人审批")).to_be_visible()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)

    as_another(site, firm.people.compliance)
    site.open(f"/scorecards/appeals/{told.pk}/")
    with page.expect_navigation():
        page.get_by_role("button", name="批准").click()
    expect(page.get_by_text("已批准")).to_be_visible()
    made = Adjustment.objects.get(appeal=told)
    assert (made.state, made.proposed_by, made.decided_by) == (
        "approved", firm.people.value_analyst, firm.people.compliance,
    )  # fmt: skip
