"""Mail goes out in two parts that say the same."""

import pytest
from django.utils import timezone

from clients.actions.consents import record_consents
from core import audit
from interactions.actions import deliveries, sending
from interactions.channels.mail_reading import envelope_of
from tests.interactions import servers
from tests.interactions.test_mail import box, by_day, imap, line, outbox, place_of_files, wang

__all__ = ["box", "by_day", "imap", "line", "outbox", "place_of_files", "wang"]  # fixtures
pytestmark = pytest.mark.django_db


def test_mail_goes_out_as_text_and_as_html_that_says_the_same(cast, line, outbox, wang) -> None:
    record_consents(actor=cast.agent_hq, client=wang, channels=["email"], purposes=["research"],
                    state="given", source="written")  # fmt: skip
    text = "<b>王先生</b> & 您好\n详见 https://broker.example/a?b=1&c=2"
    for purpose in ("research", "service"):
        deliveries.order(
            actor=audit.SYSTEM, client=wang, line=line, text=text, subject="周报 <1>", purpose=purpose
        )
    sending.send_due()
    research, service = outbox[0].taken
    for sent in (research, service):
        assert sent.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
        html = sent.get_body(("html",))
        assert html is not None
        page = html.get_content()
        assert "&lt;b&gt;王先生&lt;/b&gt; &amp; 您好<br>" in page and "<b>" not in page
        assert 'href="https://broker.example/a?b=1&amp;c=2"' in page
        assert "客户服务中心" in page and "<title>周报 &lt;1&gt;</title>" in page
        assert ("/unsubscribe/" in page) == (sent is research)
    assert servers.plain(service) == text
    leave = research["List-Unsubscribe"].strip("<>")
    assert servers.plain(research) == f"{text}\n\n-- \n不再接收: {leave}"
    read = envelope_of(research.as_bytes(), timezone.now())
    assert read.payload["text"].startswith("<b>王先生</b> & 您好")
