"""A complaint from the call to the evidence pack, by the people and pages that see it through."""

import hashlib
import io
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from cases.models import Case
from interactions.actions import desk
from interactions.models import Conversation, Line, Recording
from staff.models import Person
from tests.journeys.events import ring
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in

SAID = "客户称佣金承诺万二，实际按万三收取。"
WANTS = "退还多收的佣金"
RESULT = "已退还多收佣金 318.40 元，并书面答复客户。"


def test_a_complaint_from_the_call_to_the_evidence_pack(live_site: Site, firm: Firm) -> None:
    agent, lead, site = firm.people.agent_1001, firm.people.team_lead_1001, live_site
    sign_in(site, agent)
    talk = a_call_is_taken(site, firm, agent)
    case = it_is_opened_from_the_conversation(site, talk)
    assert (case.client, case.owner, case.is_complaint) == (firm.quiet, agent, True)
    it_is_acknowledged_contacted_and_classified(site, case)
    site.page.context.clear_cookies()
    sign_in(site, lead)
    it_is_decided(site, case)
    site.page.context.clear_cookies()
    sign_in(site, agent)
    it_is_resolved_and_closed(site, case)
    text = text_of_the_pack(site, case)
    for words in (
        case.number, firm.quiet.client_no, SAID, WANTS, "已收到投诉，三个工作日内联系。",
        "客户同意退还佣金的方案。", "佣金与费用", "严重", "属实", RESULT,
        f"rec/{talk.thread}.wav", "监管规定时限，不暂停", "已关闭",
    ):  # fmt: skip
        assert words.replace(" ", "") in text, words
    assert case.complaint.packs.get().sha256 in text


def a_call_is_taken(site: Site, firm: Firm, agent: Person) -> Conversation:
    """It rings, pops up, is hung up and wrapped up by the keyboard; the recording is told later."""
    desk.set_presence(actor=agent, state="available")
    site.open("/clients/")
    page, thread = site.page, f"call-{uuid4()}"
    with page.expect_response("**/desk/pop/"):
        ring(thread, firm.quiet, agent)
    expect(page.locator("#screen-pop")).to_contain_text(firm.quiet.client_no)
    page.keyboard.press("o")
    expect(page.get_by_role("textbox", name="内容")).to_be_focused()
    page.keyboard.type(SAID)
    expect(page.locator("[name=step]").first).to_be_visible()
    for step in page.locator("[name=step]").all():
        step.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#list-conversations")).to_be_visible()
    talk, now = Conversation.objects.get(thread=thread), timezone.now()
    Recording.objects.create(
        line=Line.objects.get(code="hotline"), call_id=thread, agent=agent, conversation=talk,
        started_at=now - timedelta(seconds=60), ended_at=now, reference=f"rec/{thread}.wav",
        sha256=hashlib.sha256(b"sound").hexdigest(), imported_by="test",
    )  # fmt: skip
    return talk


def it_is_opened_from_the_conversation(site: Site, talk: Conversation) -> Case:
    site.open(f"/desk/conversations/{talk.pk}/")
    page = site.page
    page.locator("#panel-cases").get_by_role("link", name="新建工单").click()
    page.get_by_role("navigation", name="类型").get_by_role("link", name="投诉").click()
    page.get_by_label("主题").fill("佣金未按约定收取")
    page.get_by_label("客户陈述").fill(SAID)
    page.get_by_label("客户诉求").fill(WANTS)
    page.get_by_role("button", name="开立工单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("佣金未按约定收取")
    return Case.objects.get(links__conversation=talk)


def it_is_acknowledged_contacted_and_classified(site: Site, case: Case) -> None:
    page = site.page
    expect(page.get_by_role("note").filter(has_text="请告知客户已受理")).to_be_visible()
    for kind, words, clock in (
        ("已告知受理", "已收到投诉，三个工作日内联系。", "acknowledge"),
        ("已与客户沟通", "客户同意退还佣金的方案。", "contact"),
    ):
        page.locator("#note-form").get_by_label("类别").select_option(kind)
        page.locator("#note-form").get_by_label("文字").fill(words)
        page.get_by_role("button", name="保存记录").click()
        expect(page.locator(".case-note").first).to_contain_text(words)
        assert case.clocks.get(kind=clock).state == "met"
    page.locator("#complaint summary", has_text="分类").click()
    page.get_by_label("业务类别").select_option("佣金与费用")
    page.get_by_label("严重程度").select_option("严重")
    page.locator("#complaint").get_by_role("button", name="保存").click()
    expect(page.locator("#complaint .facts")).to_contain_text("佣金与费用")


def it_is_decided(site: Site, case: Case) -> None:
    """By the team lead, whose step of the checklist it is."""
    site.open(case.get_absolute_url())
    page = site.page
    page.locator("#complaint").get_by_label("认定结果").select_option("属实")
    page.locator("#complaint").get_by_role("button", name="认定").click()
    expect(page.locator("#complaint .card-head")).to_contain_text("属实")
    page.get_by_role("button", name="认定是否属实并定性").click()
    expect(page.get_by_role("button", name="认定是否属实并定性")).to_have_attribute("aria-pressed", "true")


def it_is_resolved_and_closed(site: Site, case: Case) -> None:
    site.open(case.get_absolute_url())
    page = site.page
    for step in ("登记并告知客户已受理", "调取录音与往来记录", "联系客户了解诉求", "书面答复客户"):
        page.get_by_role("button", name=step).click()
        expect(page.get_by_role("button", name=step)).to_have_attribute("aria-pressed", "true")
    page.get_by_label("处理结果").fill(RESULT)
    page.get_by_role("button", name="解决", exact=True).click()
    page.locator("#state").get_by_role("button", name="已关闭").click()
    expect(page.locator("#state")).not_to_contain_text("已关闭")
    case.refresh_from_db()
    assert (case.state, set(case.clocks.values_list("state", flat=True))) == ("closed", {"met"})


def text_of_the_pack(site: Site, case: Case) -> str:
    """The downloaded PDF's text without spaces and line ends."""
    with site.page.expect_download() as waiting:
        site.page.get_by_role("button", name="证据包").click()
    content = waiting.value.path().read_bytes()
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)
