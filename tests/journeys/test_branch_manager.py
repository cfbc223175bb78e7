"""The branch manager's morning: reads the card, looks at the clients behind a number, and why one is V4."""

import re

from playwright.sync_api import Locator, expect

from kpis.models import Scorecard
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def test_from_the_card_to_the_reasons_of_one_tier(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.branch_manager_1001)
    site.page.get_by_role("navigation", name="主菜单").get_by_role("link", name="绩效看板").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("上海南京西路营业部")
    card = Scorecard.objects.filter(unit_type="branch", unit_code="1001", period="2026-10").latest("revision")
    expect(_figure(site, "综合得分")).to_contain_text(f"{card.total:.2f}")
    expect(site.page.locator(".chart.gauge")).to_have_count(4)

    held = _figure(site, "期末有效").get_by_role("link")
    expect(held).to_have_text(str(card.counts["E"]))
    held.click()
    expect(site.page.locator(".list-bar [role=status]")).to_have_text(f"{card.counts['E']} 条")

    site.page.get_by_role("link", name=firm.found.client_no).click()
    expect(site.page.get_by_role("heading", level=1)).to_contain_text(f"{firm.found.name} 白金")
    score = site.page.get_by_role("region", name="价值评分")
    expect(score).to_contain_text("白金")
    expect(score).to_contain_text("升级所需评分")
    score.get_by_text("全部指标").click()
    adds = score.locator("details .parts li > span:last-child").all_inner_texts()
    total = sum(map(_number, adds))
    assert abs(total - float(firm.found.standing.score)) < 0.1  # each part is rounded for itself


def test_the_card_of_another_branch_is_not_in_sight(
    site: Site, firm: Firm, console_errors: list[str]
) -> None:
    sign_in(site, firm.people.branch_manager_1001)
    answer = site.page.goto(f"{site.address}/scorecards/?unit=branch:1002")
    assert answer is not None and answer.status == 404
    console_errors.clear()  # the browser notes every 404
    site.open("/scorecards/league/")
    expect(site.page.get_by_role("main")).to_contain_text("上海南京西路营业部")
    expect(site.page.get_by_role("main")).not_to_contain_text("陆家嘴")


def test_the_region_compares_its_branches_by_quarter(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.region_manager_r1)
    site.open("/scorecards/league/")
    site.page.get_by_role("navigation", name="期间类型").get_by_role("link", name="季").click()
    expect(site.page.get_by_role("main")).to_contain_text(re.compile(r"2026-?Q3"))
    rows = site.page.locator("tbody tr")
    assert rows.count() > 1
    rows.get_by_role("link").first.click()
    expect(site.page.locator(".chart.gauge")).to_have_count(4)


def test_a_card_is_taken_along_as_a_file(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.branch_manager_1001)
    site.open("/scorecards/")
    for kind in ("XLSX", "PDF"):
        with site.page.expect_download() as download:
            site.page.get_by_role("link", name=kind).click()
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")
        assert download.value.path().stat().st_size > 4000


def _number(text: str) -> float:
    """The signed number in a text; 0 for a part without one."""
    found = re.search(r"[+−-]?\d[\d.]*", text)
    return float(found[0].replace("−", "-")) if found else 0.0


def _figure(site: Site, words: str) -> Locator:
    """A number of the strip, with its words."""
    return site.page.locator(".strip > .figure").filter(has_text=words)
