"""The operator's work: packages uploaded, rows released, a nightly run asked for and watched."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Locator, expect

from clients.models import Account
from core.models import Job, Run
from crm import nightly
from tests.journeys.firm import AS_OF, Firm
from tests.journeys.packages import trade, zipped
from tests.journeys.steps import Site, sign_in
from trading.models import Trade
from trading.tasks import load_upload

HELD = "scores"


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Holds every run before its scores until this is set."""
    gate = Event()

    def held(do: Callable[..., None]) -> Callable[..., None]:
        def wait_and_do(*given: Any) -> None:
            gate.wait(60)
            do(*given)

        return wait_and_do

    steps = [replace(step, do=held(step.do)) if step.name == HELD else step for step in nightly.STEPS]
    monkeypatch.setattr(nightly, "STEPS", tuple(steps))
    yield gate
    gate.set()


def test_a_nightly_run_is_seen_at_work(site: Site, firm: Firm, go_on: Event) -> None:
    sign_in(site, firm.people.operator)
    site.open("/runs/")
    site.page.get_by_label("截至").fill((AS_OF + timedelta(days=1)).isoformat())
    site.page.get_by_role("button", name="开始计算").click()
    expect(_step(site, "评分")).to_contain_text("0%")
    worker = Thread(target=_work, args=[Run.objects.latest("pk").pk])
    worker.start()
    try:
        expect(_step(site, "生命周期")).to_contain_text("100%", timeout=30_000)
        expect(_step(site, "评分")).to_contain_text("进行中")
        expect(site.page.get_by_role("status").first).to_contain_text("自动刷新")
        go_on.set()
        expect(site.page.get_by_role("main")).to_contain_text("所有数据以此次计算为准", timeout=30_000)
    finally:
        go_on.set()
        worker.join()
    expect(_step(site, "绩效看板")).to_contain_text("100%")
    site.open("/")
    expect(site.page.get_by_role("main")).to_contain_text((AS_OF + timedelta(days=1)).isoformat())


def test_a_damaged_package_is_refused_with_its_reason(site: Site, firm: Firm, tmp_path: Path) -> None:
    sign_in(site, firm.people.operator)
    _upload(site, zipped(tmp_path, 9, trade(1, _account()), damaged=True))
    expect(site.page.get_by_role("alert")).to_contain_text("trades.csv 的校验值不符", timeout=15_000)
    expect(site.page.get_by_role("main")).to_contain_text("已拒绝")
    site.open("/feeds/")
    expect(site.page.get_by_role("row").nth(1)).to_contain_text("校验值不符")
    assert not Trade.objects.filter(trade_no__startswith="J").exists()


def test_a_held_row_is_corrected_and_taken_in(
    site: Site, firm: Firm, tmp_path: Path, console_errors: list[str]
) -> None:
    account = _account()
    sign_in(site, firm.people.operator)
    _upload(site, zipped(tmp_path, 1, trade(1, account), trade(2, account, side="hold")))
    expect(site.page.get_by_role("main")).to_contain_text("已载入", timeout=15_000)
    site.page.get_by_role("link", name="隔离的行").click()
    row = site.page.get_by_role("row").filter(has_text="trades")
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    expect(site.page.get_by_role("main")).to_contain_text("side 的取值不在允许范围内")
    site.page.get_by_role("button", name="按更正载入").click()
    expect(site.page.locator("#id_column_side")).to_have_attribute("aria-invalid", "true")
    console_errors.clear()  # the browser notes the refusal
    site.page.locator("#id_column_side").select_option("sell")
    site.page.get_by_role("button", name="按更正载入").click()
    expect(site.page.locator(".toast")).to_contain_text("该行已载入")
    assert sorted(Trade.objects.filter(trade_no__startswith="J").values_list("side", flat=True)) == [
        "buy",
        "sell",
    ]


def _upload(site: Site, package: Path) -> None:
    """Sends the package through the form, and does what the worker does once it is woken."""
    site.open("/feeds/")
    site.page.locator("input[type=file]").set_input_files(package)
    with site.page.expect_navigation():
        site.page.get_by_role("button", name="上传并载入").click()
    expect(site.page.get_by_role("main")).to_contain_text("等待")
    load_upload(Job.objects.filter(kind="trading.tasks.load_upload").latest("pk").pk)


def _account() -> str:
    """An open account of a client that no other journey looks at."""
    accounts = Account.objects.filter(client__branch__code="1002", closed_on=None)
    return accounts.latest("account_no").account_no


def _work(run_id: int) -> None:
    """What the worker does when the run's message reaches it."""
    try:
        nightly.execute(run_id)
    finally:
        connections.close_all()


def _step(site: Site, words: str) -> Locator:
    return site.page.get_by_role("row").filter(has_text=words)
