"""Email both ways, by real servers of SMTP and IMAP on this machine."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients import identifiers
from clients.actions.consents import record_consents
from clients.models import Client, Consent
from core import audit, crypto, keys
from core.bulk import BulkWork
from core.errors import Conflict
from core.files import keeping
from core.files.content import File
from interactions.actions import deliveries, desk, doubt, mailbox, receipts, sending
from interactions.actions.lines import seed_lines
from interactions.bulk import AGAIN, ARRIVED
from interactions.channels import Unreadable
from interactions.channels.mail import MailNotFetched, message_id
from interactions.channels.mail_reading import envelope_of
from interactions.models import (
    Attachment,
    ChannelEvent,
    Contact,
    Conversation,
    Delivery,
    Interaction,
    Line,
    Message,
)
from staff.models import Unit
from tests.clients.people import make_client
from tests.interactions import servers

pytestmark = pytest.mark.django_db
WANG = "wang@example.com"
OURS = "service@broker.example"
PDF = b"%PDF-1.7 statement"


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")), tick=True):
        yield


@pytest.fixture(autouse=True)
def place_of_files(tmp_path: Any, settings: LazySettings) -> None:
    settings.FILES_ROOT = tmp_path


@pytest.fixture(scope="module")
def imap() -> Iterator[int]:
    with servers.imap() as port:
        yield port


@pytest.fixture
def box(imap: int) -> int:
    with servers.mailbox(imap) as opened:
        opened.store("1:*", "+FLAGS", r"(\Deleted)")
        opened.expunge()
    return imap


@pytest.fixture
def outbox() -> Iterator[tuple[servers.Mails, int]]:
    with servers.smtp() as running:
        yield running


@pytest.fixture
def line(cast: Any, box: int, outbox: tuple[servers.Mails, int]) -> Line:
    secrets = {"email": {"smtp_password": "x" * 16, "imap_password": servers.IMAP_PASSWORD}}
    opened = seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="HQ"), secrets=secrets)["email"]
    opened.settings = {
        "smtp_host": "127.0.0.1", "smtp_port": outbox[1], "smtp_tls": "none", "from_address": OURS,
        "from_name": "客户服务中心", "imap_host": "127.0.0.1", "imap_port": box, "imap_tls": "none",
        "imap_user": servers.IMAP_USER,
    }  # fmt: skip
    opened.save()
    return opened


@pytest.fixture
def wang(units: Any) -> Client:
    client = make_client(units["1001"], "C000001", email_index=identifiers.email_blind_index(WANG))
    client.email = identifiers.seal("C000001", "email", WANG)
    client.save(update_fields=["email"])
    return client


def mail(
    text: str = "请问年终报表何时寄出？", number: str = "<m1@example.com>", **headers: str
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = f"王 <{WANG}>", OURS, number
    made["Subject"] = "年终报表"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def words() -> list[str]:
    return [crypto.unseal(one.body, one.context) for one in Message.objects.order_by("at", "id")]


def test_a_letter_its_answer_and_the_letter_back_are_one_conversation(cast, line, box, outbox, wang) -> None:
    servers.deliver(box, mail())
    assert mailbox.fetch_mail() == 1
    talk = Conversation.objects.get()
    assert (talk.client, talk.subject, talk.channel, talk.state) == (wang, "年终报表", "email", "waiting")
    desk.take(actor=cast.agent_hq, conversation=talk)
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="下周寄出。")
    sending.send_due()
    (sent,) = outbox[0].taken
    assert (sent["To"], sent["Subject"], sent["In-Reply-To"]) == (WANG, "Re: 年终报表", "<m1@example.com>")
    assert sent["From"] == f"客户服务中心 <{OURS}>" and servers.plain(sent) == "下周寄出。"
    back = mail("谢谢！", "<m2@example.com>", References=f"<m1@example.com> {sent['Message-ID']}")
    servers.deliver(box, back)
    mailbox.fetch_mail()
    talk = Conversation.objects.get()  # still one
    assert words() == ["请问年终报表何时寄出？", "下周寄出。", "谢谢！"]
    assert (talk.messages_in, talk.messages_out) == (2, 1) and talk.waiting_since is not None
    entry = desk.wrap_up(
        actor=cast.agent_hq, conversation=talk, wrap=desk.Wrap(category="enquiry", summary="年终报表")
    )
    assert (entry.channel, entry.messages, entry.client) == ("email", 3, wang)


def test_mail_met_again_is_taken_in_once(line, box) -> None:
    """Seen or unseen, in one mailbox or copied: the Message-ID tells."""
    servers.deliver(box, mail(), mail(), mail("二", "<m2@example.com>"))
    assert mailbox.fetch_mail() == 3
    with servers.mailbox(box) as opened:
        opened.store("1:*", "-FLAGS", r"(\Seen)")
    assert mailbox.fetch_mail() == 3
    assert ChannelEvent.objects.count() == Message.objects.count() == 2
    assert mailbox.fetch_mail() == 0


def test_a_mail_that_cannot_be_taken_in_is_not_lost(line, box, monkeypatch: pytest.MonkeyPatch) -> None:
    servers.deliver(box, mail())

    def broken(**_told: Any) -> None:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as broke:
        broke.setattr(mailbox, "receive_envelopes", broken)
        with pytest.raises(RuntimeError):
            mailbox.fetch_line(line=line)
    assert mailbox.fetch_mail() == 1 and Message.objects.count() == 1


def test_a_mailbox_that_is_away_stops_no_other(line) -> None:
    Line.objects.filter(pk=line.pk).update(settings=line.settings | {"imap_port": servers.free_port()})
    assert mailbox.fetch_mail() == 0
    line.refresh_from_db()
    with pytest.raises(MailNotFetched):
        mailbox.fetch_line(line=line)


def test_an_address_that_does_not_exist_gets_no_more_mail(cast, line, box, outbox, wang) -> None:
    deliveries.write(actor=cast.agent_1001, client=wang, line=line, text="您好", subject="资料")
    sending.send_due()
    servers.deliver(box, bounce(outbox[0].taken[0]["Message-ID"]))
    mailbox.fetch_mail()
    held = Delivery.objects.get()
    assert (held.state, held.fault) == ("bounced", "5.1.1")
    assert Contact.objects.get().bounced_at is not None
    talk = Conversation.objects.get()
    assert talk.waiting_since is not None and talk.messages_in == 0
    deliveries.write(actor=cast.agent_1001, client=wang, line=line, text="再试", subject="资料")
    sending.send_due()
    assert Delivery.objects.latest("id").fault == "bounced" and len(outbox[0].taken) == 1
    servers.deliver(box, mail("我换了邮箱系统", "<m7@example.com>"))
    mailbox.fetch_mail()
    assert Contact.objects.get(kind="email").bounced_at is None


def bounce(number: str, action: str = "failed", status: str = "5.1.1") -> EmailMessage:
    """A delivery status notification, as mail servers write it."""
    text = (
        "From: MAILER-DAEMON@example.com\r\nTo: service@broker.example\r\nSubject: Undelivered\r\n"
        f"Message-ID: <dsn-{action}@example.com>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; wang@example.com\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {number}\r\nSubject: x\r\n\r\n--b--\r\n"
    )
    made = message_from_string(text, policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def test_a_delay_is_no_bounce(line, box, outbox, wang, cast) -> None:
    deliveries.write(actor=cast.agent_1001, client=wang, line=line, text="您好", subject="资料")
    sending.send_due()
    servers.deliver(box, bounce(outbox[0].taken[0]["Message-ID"], "delayed", "4.4.1"))
    mailbox.fetch_mail()
    assert Delivery.objects.get().state == "sent"


def test_machines_are_not_answered(line, box, wang) -> None:
    servers.deliver(box, mail("休假中", "<auto@example.com>", Auto_Submitted="auto-replied"))
    mailbox.fetch_mail()
    assert not Conversation.objects.exists() and ChannelEvent.objects.get().state == "applied"


def test_refused_for_good_and_for_a_while(line, outbox, wang, cast) -> None:
    outbox[0].refuse[WANG] = "550 no such user"
    deliveries.order(actor=audit.SYSTEM, client=wang, line=line, text="一", subject="资料")
    sending.send_due()
    outbox[0].refuse[WANG] = "451 busy"
    deliveries.order(actor=audit.SYSTEM, client=wang, line=line, text="二", subject="资料")
    sending.send_due()
    told = list(Delivery.objects.order_by("id").values_list("state", "fault"))
    assert told == [("failed", "The mail server answered 550."), ("waiting", "The mail server answered 451.")]


def test_files_come_and_go_after_the_scan(cast, line, box, outbox, wang) -> None:
    letter = mail()
    letter.add_attachment(PDF, maintype="application", subtype="pdf", filename="报表.pdf")
    letter.add_attachment(b"MZ", maintype="application", subtype="exe", filename="../../run.exe")
    servers.deliver(box, letter)
    mailbox.fetch_mail()
    keeping.scan_waiting()
    kept = list(Attachment.objects.values_list("name", "state", "size"))
    assert kept == [("报表.pdf", "clean", len(PDF)), ("run.exe", "refused", 2)]
    statement = Attachment.objects.get(state="clean")
    assert keeping.content_of(statement) == PDF
    assert PDF not in keeping.path_of(statement.key).read_bytes()
    with pytest.raises(FileNotFoundError):
        keeping.content_of(Attachment.objects.get(state="refused"))
    talk = desk.take(actor=cast.agent_hq, conversation=Conversation.objects.get())
    deliveries.reply(actor=cast.agent_hq, conversation=talk, text="见附件",
                     uploads=[File("回函.pdf", "application/pdf", PDF)])  # fmt: skip
    sending.send_due()
    assert Delivery.objects.get().held_for == "scan" and outbox[0].taken == []
    keeping.scan_waiting()
    Delivery.objects.update(due_at=timezone.now())
    sending.send_due()
    (part,) = outbox[0].taken[0].iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("回函.pdf", PDF)


def test_files_outlive_the_keys_of_the_house_and_orphans_go(line, box, settings: LazySettings) -> None:
    letter = mail()
    letter.add_attachment(PDF, maintype="application", subtype="pdf", filename="报表.pdf")
    servers.deliver(box, letter)
    mailbox.fetch_mail()
    newest = max(settings.DATA_KEYS)
    settings.DATA_KEYS = {**settings.DATA_KEYS, newest + 1: b"k" * 32}
    keys.rotate(lambda *_told: None)
    settings.DATA_KEYS = {newest + 1: b"k" * 32}
    assert keeping.content_of(Attachment.objects.get()) == PDF
    orphan = keeping.keep(File("x.pdf", "application/pdf", PDF))
    assert keeping.forget_orphans() == 0
    assert keeping.forget_orphans(timedelta(days=-36_500)) == 1
    assert not keeping.path_of(UUID(orphan["key"])).exists()


def test_the_scan_refuses_and_may_be_away(
    cast, line, box, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    letter = mail()
    letter.add_attachment(b"good", maintype="text", subtype="plain", filename="a.txt")
    letter.add_attachment(b"bad", maintype="text", subtype="plain", filename="b.txt")
    servers.deliver(box, letter)
    mailbox.fetch_mail()
    settings.SCAN_COMMAND = ["/nowhere/scan"]
    assert keeping.scan_waiting() == 0
    settings.SCAN_COMMAND = ["sh", "-c", "! grep -q bad"]
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.scan_waiting() == 2
    assert list(Attachment.objects.values_list("name", "state")) == [("a.txt", "clean"), ("b.txt", "refused")]
    assert not keeping.path_of(Attachment.objects.get(name="b.txt").key).exists()


def test_the_link_in_a_mail_withdraws_the_consent(line, outbox, wang, cast) -> None:
    record_consents(actor=cast.agent_hq, client=wang, channels=["email"], purposes=["research"],
                    state="given", source="written")  # fmt: skip
    for purpose in ("research", "service"):
        deliveries.order(
            actor=audit.SYSTEM, client=wang, line=line, text="周报", subject="周报", purpose=purpose
        )
    sending.send_due()
    offer, service = outbox[0].taken
    assert service["List-Unsubscribe"] is None
    assert offer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = offer["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(path)
    assert page.status_code == 200 and WANG not in page.content.decode()
    assert not Consent.objects.filter(state="withdrawn").exists()  # looking changes nothing
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    said = Consent.objects.filter(state="withdrawn").values_list("channel", "purpose")
    assert list(said) == [("email", "research")]
    assert browser.get("/unsubscribe/made-up/").status_code == 404


def test_sent_mail_stands_in_the_log(line, outbox, wang) -> None:
    deliveries.order(
        actor=audit.SYSTEM, client=wang, line=line, text="请补充保证金", subject="追保", exempt="margin_call"
    )
    sending.send_due()
    entry = Interaction.objects.get()
    assert (entry.channel, entry.direction, entry.messages, entry.subject) == ("email", "out", 1, "追保")


def test_mail_in_doubt_is_never_sent_again_by_itself(cast, line, outbox, wang) -> None:
    outbox[0].hang_up = True
    for subject in ("一", "二"):
        deliveries.order(actor=audit.SYSTEM, client=wang, line=line, text=subject, subject=subject)
    sending.send_due()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        outbox[0].hang_up = False
        sending.send_due()
        first, second = Delivery.objects.order_by("id")
        assert [mail["Subject"] for mail in outbox[0].taken] == ["一", "二"]
        assert {first.state, second.state} == {"uncertain"} and not Interaction.objects.exists()
        doubt.settle(actor=cast.team_lead_hq, delivery=first, arrived=True)
        doubt.settle(actor=cast.team_lead_hq, delivery=second, arrived=False)
        sending.send_due()
        sending.send_due()
    assert [mail["Subject"] for mail in outbox[0].taken] == ["一", "二", "二"]
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["sent", "sent"]
    assert list(Interaction.objects.order_by("id").values_list("subject", flat=True)) == ["一", "二"]
    with pytest.raises(Conflict):
        doubt.settle(actor=cast.team_lead_hq, delivery=first, arrived=False)


def test_a_worker_that_died_over_a_mail_leaves_it_in_doubt(cast, line, outbox, wang) -> None:
    deliveries.order(actor=audit.SYSTEM, client=wang, line=line, text="一", subject="资料")
    taken = sending._take(set())
    assert taken is not None
    sending._parcel(taken).handing()  # and here it dies
    with time_machine.travel(timezone.now() + sending.LEASE, tick=True):
        sending.send_due()
        held = Delivery.objects.get()
        assert held.state == "uncertain" and outbox[0].taken == []
        work = BulkWork(run_id=1, ids=[held.pk], data={}, person=cast.team_lead_hq)
        assert AGAIN.apply(work).failures == {} and list(ARRIVED.apply(work).failures) == [held.pk]
        sending.send_due()
    assert len(outbox[0].taken) == 1 and Delivery.objects.get().state == "sent"


def test_a_bounce_settles_what_was_in_doubt(line, outbox, wang) -> None:
    outbox[0].hang_up = True
    held = deliveries.order(actor=audit.SYSTEM, client=wang, line=line, text="一", subject="资料")
    sending.send_due()
    told = {"ref": message_id(str(held.key), line.settings), "state": "bounced", "code": "5.1.1"}
    receipts.take_receipt(line=line, told=told, at=timezone.now())
    assert Delivery.objects.get().state == "bounced"


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"From: a@b.cn\r\n", b"From: \xff\xfe\r\nSubject: =?x?="])
)
def test_whatever_comes_is_read_or_refused(rest: bytes, head: bytes) -> None:
    try:
        read = envelope_of(head + rest, timezone.now())
    except Unreadable:
        return
    assert read.event_id and len(read.event_id) <= 120 and "@" in read.external_user_id


def test_pages_become_words() -> None:
    letter = mail()
    letter.set_content("<style>p{}</style><p>您好</p><script>x()</script><p>再见&amp;谢谢", subtype="html")
    assert envelope_of(letter.as_bytes(), timezone.now()).payload["text"] == "您好\n再见&谢谢"
    later = envelope_of(mail(Date="Mon, 01 Jan 2035 00:00:00 +0000").as_bytes(), timezone.now()).occurred_at
    assert abs(later - timezone.now()) < timedelta(minutes=1)
