"""The desk in front of the real web server: a call that pops up, a chat two want, a letter answered."""

import time
from typing import Any
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Client
from core import audit
from core.files import keeping
from interactions.actions import desk, mailbox, sending
from interactions.actions.lines import renew_secrets, secrets_of
from interactions.models import Conversation, Delivery, Interaction, Line
from tests.interactions import servers
from tests.journeys.events import mobile_of, ring, tell
from tests.journeys.firm import Firm
from tests.journeys.steps import Site, sign_in


def test_a_call_pops_up_and_is_logged_by_keyboard_alone(live_site: Site, firm: Firm) -> None:
    """From the ring to the entry in the log without the mouse, in under ten seconds."""
    agent = firm.people.agent_1001
    sign_in(live_site, agent)
    live_site.open("/clients/")
    desk.set_presence(actor=agent, state="available")
    page, thread = live_site.page, f"call-{uuid4()}"
    with page.expect_response("**/desk/pop/"):
        rung = time.monotonic()
        ring(thread, firm.quiet, agent)
    expect(page.locator("#screen-pop")).to_contain_text(firm.quiet.client_no)
    popped = time.monotonic()
    page.keyboard.press("o")
    expect(page.get_by_role("textbox", name="内容")).to_be_focused()
    page.keyboard.type("咨询可转债申购时间，已说明规则。")
    expect(page.locator("[name=step]").first).to_be_visible()
    for step in page.locator("[name=step]").all():
        step.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#list-conversations")).to_be_visible()
    logged = time.monotonic()
    entry = Interaction.objects.get(summary="咨询可转债申购时间，已说明规则。")
    assert (entry.client, entry.agent, entry.channel) == (firm.quiet, agent, "phone")
    print(f"popped up {popped - rung:.2f} s after the first event, logged {logged - popped:.2f} s later")
    assert logged - popped < 10


def test_several_clients_with_one_number_are_chosen_from(live_site: Site, firm: Firm) -> None:
    agent = firm.people.agent_1001
    sign_in(live_site, agent)
    live_site.open("/desk/")
    twin = Client.objects.filter(branch=firm.quiet.branch, merged_into=None).exclude(
        pk__in=[firm.quiet.pk, firm.found.pk]
    ).earliest("client_no")  # fmt: skip
    Client.objects.filter(pk=twin.pk).update(mobile_index=firm.quiet.mobile_index)
    with live_site.page.expect_response("**/desk/pop/"):
        for kind in ("newCall", "answer"):
            tell("hotline", kind, conversation_id="twins", external_user_id=mobile_of(firm.quiet),
                 agent=agent.employee_no)  # fmt: skip
    pop = live_site.page.locator("#screen-pop")
    expect(pop.get_by_role("button")).to_have_count(2)
    pop.get_by_role("button", name=twin.client_no).click()
    expect(live_site.page.get_by_role("heading", level=1)).to_contain_text(twin.name)
    assert Conversation.objects.get(thread="twins").client == twin


def test_two_want_one_chat_and_the_one_who_has_it_answers(live_site: Site, firm: Firm) -> None:
    line = Line.objects.get(code="chat")
    with servers.Gateway(secrets_of(line)["signing"]).running() as gateway:
        Line.objects.filter(pk=line.pk).update(settings={"gateway_url": gateway.url})
        first, second = firm.people.agent_hq, firm.people.team_lead_hq
        sign_in(live_site, first)
        live_site.open("/desk/?whose=queue")
        tell("chat", "message", external_user_id="app-j-1", payload={"text": "两融合约展期怎么办"})
        talk = Conversation.objects.filter(channel="chat").latest("id")
        row = live_site.page.locator(f"a[href='/desk/conversations/{talk.pk}/']")
        expect(row.first).to_be_visible(timeout=15_000)  # the list is live
        row.first.click()
        other = live_site.page.context.browser.new_context()  # type: ignore[union-attr]
        beside = Site(other.new_page(), live_site.address)
        sign_in(beside, second)
        beside.open(f"/desk/conversations/{talk.pk}/")
        live_site.page.get_by_role("button", name="接入").click()
        live_site.page.get_by_role("textbox", name="回复内容").fill("您好，展期可在到期前三个交易日申请。")
        beside.page.reload()
        expect(beside.page.locator("#lookers")).to_contain_text(first.name)
        assert beside.page.get_by_role("button", name="接入").count() == 0
        other.close()
        live_site.page.keyboard.press("Control+Enter")
        expect(live_site.page.locator("#said")).to_contain_text("三个交易日")
        sending.send_due()
        expect(live_site.page.locator("#said")).to_contain_text("已发送", timeout=15_000)
        assert [told["text"] for told in gateway.taken.values()] == ["您好，展期可在到期前三个交易日申请。"]
        Line.objects.filter(pk=line.pk).update(settings={})


def test_a_letter_is_answered_with_a_file(live_site: Site, firm: Firm, tmp_path: Any) -> None:
    with servers.smtp() as (outbox, smtp_port), servers.imap() as imap_port:
        Line.objects.filter(code="email").update(settings={
            "smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_tls": "none", "imap_host": "127.0.0.1",
            "imap_port": imap_port, "imap_tls": "none", "imap_user": servers.IMAP_USER,
            "from_address": "service@broker.example",
        })  # fmt: skip
        line = Line.objects.get(code="email")
        renew_secrets(actor=audit.SYSTEM, line=line, secrets={"imap_password": servers.IMAP_PASSWORD})
        letter = servers.EmailMessage()
        letter["From"], letter["Subject"], letter["Message-ID"] = (
            "j@example.com",
            "对账单",
            "<j1@example.com>",
        )
        letter.set_content("请寄上月对账单。")
        servers.deliver(imap_port, letter)
        mailbox.fetch_mail()
        talk = Conversation.objects.get(thread="<j1@example.com>")
        sign_in(live_site, firm.people.agent_hq)
        live_site.open(f"/desk/conversations/{talk.pk}/")
        live_site.page.get_by_role("button", name="接入").click()
        live_site.page.get_by_role("textbox", name="回复内容").fill("见附件。")
        statement = tmp_path / "对账单.pdf"
        statement.write_bytes(b"%PDF-1.7")
        live_site.page.get_by_label("文件").set_input_files(statement)
        live_site.page.get_by_role("button", name="发送").click()
        expect(live_site.page.locator("#said")).to_contain_text("见附件。")
        keeping.scan_waiting()
        Delivery.objects.filter(state="waiting").update(due_at=timezone.now())
        sending.send_due()
        if not outbox.taken:  # the reply answers a letter of a moment ago, at whatever hour this runs
            raise AssertionError(list(Delivery.objects.values_list("state", "held_for", "fault")))
        (sent,) = outbox.taken
        assert sent["In-Reply-To"] == "<j1@example.com>"
        assert [part.get_filename() for part in sent.iter_attachments()] == ["对账单.pdf"]
        Line.objects.filter(code="email").update(settings={})


def test_forms_reach_django_through_the_real_server(live_site: Site, firm: Firm) -> None:
    """Sign-in, a form with a file, and a call from the outside."""
    sign_in(live_site, firm.people.branch_manager_1001)
    live_site.open("/clients/imports/")
    live_site.page.locator("input[type=file]").set_input_files(
        {"name": "clients.csv", "mimeType": "text/csv", "buffer": "姓名,手机\n张三,13900000001\n".encode()}
    )
    live_site.page.locator("main form button.primary").click()
    expect(live_site.page.get_by_role("heading", level=1)).to_contain_text("clients.csv")
