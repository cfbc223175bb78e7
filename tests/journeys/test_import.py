"""A team lead imports a table with faults: columns, dry run, done, the faults as a file, taken back."""

from pathlib import Path

from playwright.sync_api import expect

from clients.models import Client, ClientImport, Prospect
from clients.tasks import import_work_job
from tests.journeys.axe import faults
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in, work_off


def test_a_table_with_faults_is_imported_and_taken_back(site: Site, firm: Firm, tmp_path: Path) -> None:
    known = firm.quiet.client_no
    table = tmp_path / "来宾.csv"
    rows = (
        f"客户号,姓名,手机,备注,什么\n{known},,,沙龙来宾,1\n,宋佳音,13655550001,沙龙来宾,2\n,坏号码,12,,=3\n"
    )
    table.write_bytes(rows.encode("gb18030"))
    before = Prospect.objects.count()
    sign_in(site, firm.people.team_lead_1001)
    site.open("/clients/imports/")
    assert not faults(site.page)
    site.page.get_by_label("CSV 或 XLSX 文件").set_input_files(str(table))
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="上传").click()
    _do()
    expect(site.page.get_by_text("待指定列")).to_be_visible(timeout=10_000)
    expect(site.page.get_by_label("手机", exact=True)).to_have_value("mobile")
    assert not faults(site.page)
    site.page.get_by_label("新潜在客户的营业部").select_option("1001")
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="试算").click()
    _do()
    expect(site.page.get_by_role("heading", name="将会发生")).to_be_visible(timeout=10_000)
    assert Prospect.objects.count() == before
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="开始导入").click()
    _do()
    expect(site.page.get_by_role("heading", name="执行结果")).to_be_visible(timeout=10_000)
    assert Prospect.objects.count() == before + 1
    assert Client.objects.get(client_no=known).remark == "沙龙来宾"
    with site.page.expect_download() as download:
        site.page.get_by_role("link", name="下载有问题的行").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "坏号码" in text
    assert "'=3" in text
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="撤回导入").click()
    _do()
    expect(site.page.get_by_role("status").get_by_text("已撤回")).to_be_visible(timeout=10_000)
    assert Prospect.objects.count() == before
    assert Client.objects.get(client_no=known).remark == ""


def _do() -> None:
    work_off(import_work_job, ClientImport.objects.latest("pk").job_id)
