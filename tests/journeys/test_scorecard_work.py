"""Work around the scorecards: targets in the grid, a pool shared by two persons, two branches compared."""

from decimal import Decimal

from playwright.sync_api import expect

from kpis.models import RewardEntry, Scorecard, SignOff, Target
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, as_another, sign_in
from tests.kpis.frozen import seal

FAR = "2031-02"  # no period of the firm begins so late: targets are in force at once
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_targets_are_typed_pasted_mended_and_set(site: Site, firm: Firm, console_errors: list[str]) -> None:
    page = site.page
    sign_in(site, firm.people.value_analyst)
    site.open(f"/scorecards/targets/grid/?period_type=month&from_period={FAR}&type=branch")

    def cell(unit: str, end: str) -> object:
        return page.locator(f'[name="branch:{unit}/new_{end}"]')

    cell("1001", "floor").fill("viel")
    page.keyboard.press("Enter")
    expect(cell("1002", "floor")).to_be_focused()
    cell("1002", "floor").evaluate(PASTE, "0.5%\t3%")
    expect(cell("1002", "target")).to_have_value("3%")
    with page.expect_navigation():
        page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_role("heading", name="请修正以下单元格")).to_be_visible()
    expect(cell("1001", "floor")).to_have_attribute("aria-invalid", "true")
    console_errors.clear()  # the browser notes every 422
    cell("1001", "floor").fill("1%")
    with page.expect_navigation():
        page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="0.5%")).to_have_count(1)
    with page.expect_navigation():
        page.locator('form[action$="/set/"] button').click()
    made = Target.objects.filter(from_start__year=2031).order_by("unit_code")
    assert [(one.unit, one.new_floor, one.state) for one in made] == [
        ("branch:1001", Decimal("0.01"), "approved"), ("branch:1002", Decimal("0.005"), "approved"),
    ]  # fmt: skip


def test_a_pool_is_tried_proposed_approved_and_taken_along(site: Site, firm: Firm) -> None:
    """Of a quarter whose client managers are signed; whoever proposes does not approve."""
    page, quarter = site.page, "2026-Q3"
    if not SignOff.objects.filter(card__period=quarter, card__unit_type="manager").exists():
        Scorecard.objects.filter(period=quarter, unit_type="manager", current=True).update(total=85)
        seal(firm.people, quarter, unit_type="manager")
    sign_in(site, firm.people.value_analyst)
    site.open(f"/scorecards/rewards/?period={quarter}&type=manager")
    page.get_by_label("试算金额").fill("123456.78")
    with page.expect_navigation():
        page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_role("region", name="奖金池试分")).to_be_visible()
    form = page.locator("#pool-form")
    form.get_by_label("奖金池").fill("123456.78")
    form.get_by_label("原因").fill("按季度奖金预算。")
    with page.expect_navigation():
        form.get_by_role("button").click()
    expect(page.get_by_role("button", name="批准并入账")).to_have_count(0)

    as_another(site, firm.people.compliance)
    site.open(f"/scorecards/rewards/?period={quarter}&type=manager")
    with page.expect_navigation():
        page.get_by_role("button", name="批准并入账").click()
    booked = RewardEntry.objects.filter(period=quarter, unit_type="manager")
    assert sum(entry.amount for entry in booked) == Decimal("123456.78")
    with page.expect_download() as told:
        page.get_by_role("link", name="XLSX").click()
    assert told.value.suggested_filename == f"rewards-{quarter}-manager.xlsx"


def test_two_branches_side_by_side(site: Site, firm: Firm) -> None:
    page = site.page
    sign_in(site, firm.people.value_analyst)
    site.open("/scorecards/?period=2026-10&unit=branch:1001")
    page.get_by_role("link", name="并列比较").click()
    site.settle()
    page.get_by_label("第二个单位").select_option("branch:1003")
    with page.expect_navigation():
        page.get_by_role("button", name="显示").click()
    assert (site.query["unit"], site.query["other"]) == (["branch:1001"], ["branch:1003"])
    expect(page.get_by_role("heading", name="差异从何而来")).to_be_visible()
    expect(page.get_by_role("heading", name="计数")).to_be_visible()
