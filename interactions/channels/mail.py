"""Email: messages made and sent by SMTP, fetched by IMAP, and read into the words all channels share.

Settings of the line: smtp_host, smtp_port, smtp_user, smtp_tls (none, starttls, tls), from_address,
from_name, imap_host, imap_port, imap_user, imap_tls (none, tls), imap_folder. Secrets: smtp_password,
imap_password; `signing` where a mail server posts messages instead.
"""

import imaplib
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from django.conf import settings as site
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from interactions.channels.outgoing import PATIENCE, NotNow, Parcel, Rejected, Uncertain

MOST_AT_ONCE = 50
LARGEST_MAIL = 30 * 1024**2


class MailNotFetched(Exception):
    """The mailbox cannot be read now; the text says what to look at."""


class Smtp:
    """The carrier of email lines. The Message-ID is made of the key, so that a copy is known as one."""

    def carry(self, parcel: Parcel, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
        if not settings.get("smtp_host"):
            raise NotNow("The line has no mail server.")
        mail = compose(parcel, settings)
        try:
            with _server(settings, secrets) as server:
                _hand_over(server, mail, parcel, settings["from_address"])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise _by_code(max(codes, default=500)) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow("The mail server is away.") from error
        return str(mail["Message-ID"])


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, parcel: Parcel, sender: str) -> None:
    """Envelope, then the mail itself. Once that is under way, a broken line leaves everybody in doubt."""
    server.ehlo_or_helo_if_needed()
    _answered(server.mail(sender), smtplib.SMTPResponseException)
    code, words = server.rcpt(parcel.to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({parcel.to: (code, words)})
    parcel.handing()
    try:
        answer = server.data(mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")))
    except smtplib.SMTPResponseException:
        raise
    except (smtplib.SMTPException, OSError) as error:
        raise Uncertain("The line broke while the mail was handed over.") from error
    _answered(answer, smtplib.SMTPDataError)


def _answered(answer: tuple[int, bytes], error: type[smtplib.SMTPResponseException]) -> None:
    code, words = answer
    if code != 250:
        raise error(code, words)


def message_id(key: str, settings: Mapping[str, Any]) -> str:
    """What mail with this key is called."""
    return f"<{key}@{str(settings['from_address']).rpartition('@')[2]}>"


def compose(parcel: Parcel, settings: Mapping[str, Any]) -> EmailMessage:
    """The mail as it goes out: plain text, and the same in HTML for those who rather read that."""
    mail = EmailMessage()
    mail["Message-ID"] = message_id(parcel.key, settings)
    mail["Date"] = format_datetime(timezone.localtime())
    mail["From"] = formataddr((str(settings.get("from_name") or ""), settings["from_address"]))
    mail["To"] = parcel.to
    mail["Subject"] = " ".join(parcel.subject.split())
    if parcel.answers:
        mail["In-Reply-To"] = parcel.answers[-1]
        mail["References"] = " ".join(parcel.answers)
    if parcel.leave_url:
        mail["List-Unsubscribe"] = f"<{parcel.leave_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _put_words(mail, parcel, str(settings.get("from_name") or ""))
    for file in parcel.files:
        main, _slash, sub = file.content_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
    return mail


def _put_words(mail: EmailMessage, parcel: Parcel, sender: str) -> None:
    """The text, and how to be left alone where it is no service; HTML says nothing else."""
    with override(site.LANGUAGE_CODE):
        leave = _("Send me no more of it")
    foot = f"\n\n-- \n{leave}: {parcel.leave_url}" if parcel.leave_url else ""
    mail.set_content(f"{parcel.text}{foot}")
    told = {
        "text": parcel.text, "subject": str(mail["Subject"]), "sender": sender, "leave_url": parcel.leave_url,
        "leave_words": leave,
    }  # fmt: skip
    mail.add_alternative(render_to_string("interactions/mail.html", told), subtype="html")


@contextmanager
def fetched(
    settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> Iterator[Iterator[tuple[bytes, bytes]]]:
    """Mail not seen yet, as pairs of its name in the mailbox and its bytes; `done` marks one as seen.

    Raises MailNotFetched. What is not marked comes again at the next time.
    """
    try:
        with _mailbox(settings) as box:
            box.login(settings.get("imap_user", ""), secrets.get("imap_password", ""))
            box.select(settings.get("imap_folder") or "INBOX")
            yield _unseen(box)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailNotFetched(f"The mailbox cannot be read: {type(error).__name__}.") from error


def _unseen(box: imaplib.IMAP4) -> Iterator[tuple[bytes, bytes]]:
    """Each is marked as seen when the next one is asked for, and so after it was taken in."""
    _state, (found, *_rest) = box.uid("SEARCH", "UNSEEN")
    for number in (found or b"").split()[:MOST_AT_ONCE]:
        raw = _fetch(box, number)
        if raw is not None:
            yield number, raw
        box.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")


def _fetch(box: imaplib.IMAP4, number: bytes) -> bytes | None:
    """The bytes of a mail, its beginning where it is very large."""
    _state, parts = box.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{LARGEST_MAIL}>)")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _mailbox(settings: Mapping[str, Any]) -> imaplib.IMAP4:
    host, port = settings.get("imap_host", ""), int(settings.get("imap_port") or 993)
    if not host:
        raise MailNotFetched("The line has no mailbox.")
    if settings.get("imap_tls") == "none":
        return imaplib.IMAP4(host, port, timeout=PATIENCE)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=PATIENCE)


@contextmanager
def _server(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Iterator[smtplib.SMTP]:
    host, port, tls = settings["smtp_host"], int(settings.get("smtp_port") or 465), settings.get("smtp_tls")
    context = ssl.create_default_context()
    plain = tls in ("none", "starttls")
    opened = smtplib.SMTP(host, port, timeout=PATIENCE) if plain else smtplib.SMTP_SSL(
        host, port, timeout=PATIENCE, context=context
    )  # fmt: skip
    with opened as server:
        if tls == "starttls":
            server.starttls(context=context)
        if settings.get("smtp_user"):
            server.login(settings["smtp_user"], secrets.get("smtp_password", ""))
        yield server


def _by_code(code: int) -> Exception:
    """5xx is for good, 4xx for a while."""
    return (Rejected if code >= 500 else NotNow)(f"The mail server answered {code}.")
