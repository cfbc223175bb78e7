"""The client list: filters, order, columns and pages stand in the address, so that they can be sent on."""

from playwright.sync_api import Locator, expect

from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def test_filters_stand_in_the_address_and_back_leads_back(site: Site, firm: Firm) -> None:
    everyone, platinum = firm.count(), firm.count(standing__tier="V4")
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/")
    expect(_count(site)).to_have_text(f"{everyone} 条")
    _filter(site, "等级").select_option(label="白金")
    expect(_count(site)).to_have_text(f"{platinum} 条")
    assert site.query == {"tier": ["V4"]}
    _filter(site, "类型").select_option("product")
    expect(site.page.get_by_text("没有符合筛选条件的内容")).to_be_visible()
    site.page.go_back()
    expect(_count(site)).to_have_text(f"{platinum} 条")
    site.page.get_by_role("search").get_by_role("link", name="清除").click()
    expect(_count(site)).to_have_text(f"{everyone} 条")
    assert site.query == {}


def test_an_address_that_was_sent_on_opens_the_same_list(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/?tier=V4&sort=-score&col=tier&col=score")
    expect(site.page.locator("thead th")).to_have_text(["客户号", "姓名", "等级", "评分"])
    rows = [row.split() for row in _rows(site).all_inner_texts()]
    assert len(rows) == firm.count(standing__tier="V4")
    assert {row[2] for row in rows} == {"白金"}
    scores = [float(row[3]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    expect(_filter(site, "等级")).to_have_value("V4")


def test_pages_follow_one_another_without_gap(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/?size=20")
    site.page.get_by_role("columnheader").get_by_role("link", name="资产").click()
    expect(site.page.get_by_role("columnheader", name="资产")).to_have_attribute("aria-sort", "descending")
    seen = _numbers(site)
    while _next(site).count():
        with site.page.expect_response("**cursor=*"):
            _next(site).click()
        expect(site.page.get_by_role("link", name=seen[-1])).to_have_count(0)
        seen += _numbers(site)
    assert len(seen) == len(set(seen)) == firm.count(standing__isnull=False)


def test_columns_stay_as_chosen(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.team_lead_1001)
    site.open("/clients/")
    site.page.locator("summary", has_text="列").click()
    site.page.locator(".columns-form").get_by_label("等级").uncheck()
    site.page.locator(".columns-form").get_by_role("button").click()
    expect(site.page.get_by_role("columnheader", name="等级")).to_have_count(0)
    site.open("/clients/")
    expect(site.page.get_by_role("columnheader", name="等级")).to_have_count(0)


def test_a_row_leads_to_the_client(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1001)
    site.open("/clients/")
    site.page.keyboard.press("f")
    site.page.keyboard.type(firm.found.name)
    expect(_rows(site)).to_have_count(1)
    assert site.query == {"q": [firm.found.name]}
    with site.page.expect_navigation():
        _rows(site).get_by_role("link").first.click()
    assert site.path == f"/clients/{firm.found}/"


def test_each_sees_the_clients_of_the_own_branch(site: Site, firm: Firm) -> None:
    sign_in(site, firm.people.agent_1002)
    site.open("/clients/")
    expect(_rows(site).first).to_contain_text(firm.next_door.client_no)
    expect(site.page.get_by_text(firm.found.client_no)).to_have_count(0)


def _filter(site: Site, label: str) -> Locator:
    return site.page.get_by_role("search").get_by_label(label, exact=True)


def _rows(site: Site) -> Locator:
    return site.page.locator("table.data tbody tr")


def _next(site: Site) -> Locator:
    return site.page.get_by_role("link", name="下一页")


def _count(site: Site) -> Locator:
    return site.page.locator(".list-bar [role=status]")


def _numbers(site: Site) -> list[str]:
    return site.page.locator("tbody td:first-child, tbody th:first-child").all_inner_texts()
