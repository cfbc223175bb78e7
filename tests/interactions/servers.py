"""Real servers of the outside, each on a port of its own: an HTTP gateway, SMTP, and IMAP."""

import contextlib
import hashlib
import hmac
import imaplib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

IMAP_USER, IMAP_PASSWORD = "service", "password-of-the-mailbox"


class Gateway:
    """Keeps each key once, and answers as it is told: `answers` are statuses to give before it works."""

    def __init__(self, secret: str) -> None:
        self.secret, self.answers = secret, list[int]()
        self.taken: dict[str, dict[str, Any]] = {}
        self.calls = 0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status, told = gateway.answer(self.path, self.headers, raw)
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/gateway"

    def answer(self, path: str, headers: Any, raw: bytes) -> tuple[int, dict[str, Any]]:
        self.calls += 1
        stamp = headers["X-Timestamp"]
        wanted = hmac.new(self.secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
        if path != "/gateway/messages" or headers["X-Signature"] != wanted:
            return 401, {}
        status = self.answers.pop(0) if self.answers else 200
        if status != 200:
            return status, {}
        key = headers["Idempotency-Key"]
        self.taken.setdefault(key, json.loads(raw) | {"ref": f"gw-{len(self.taken) + 1}"})
        return 200, {"ref": self.taken[key]["ref"]}

    @contextlib.contextmanager
    def running(self) -> Iterator["Gateway"]:
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()


class Mails:
    """What an SMTP server took; `refuse` is the answer for whoever is named in it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.hang_up = False  # after a mail was taken, before saying so

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        if self.hang_up:
            server.transport.abort()
        return "250 OK"


@contextlib.contextmanager
def smtp() -> Iterator[tuple[Mails, int]]:
    mails, port = Mails(), free_port()
    controller = Controller(mails, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mails, port
    finally:
        controller.stop()


@contextlib.contextmanager
def imap() -> Iterator[int]:
    """A mailbox that is empty at first."""
    port = free_port()
    program = str(Path(sys.executable).with_name("pymap"))
    words = [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict", "--demo-data"]
    server = subprocess.Popen(
        [*words, "--demo-user", IMAP_USER, "--demo-password", IMAP_PASSWORD],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        with mailbox(port) as box:
            box.store("1:*", "+FLAGS", r"(\Deleted)")
            box.expunge()
        yield port
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def mailbox(port: int) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", port, timeout=10) as box:
        box.login(IMAP_USER, IMAP_PASSWORD)
        box.select("INBOX")
        yield box


def plain(sent: EmailMessage) -> str:
    """The words of a mail that was sent, as its plain part has them."""
    part = sent.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").strip()


def deliver(port: int, *mails: EmailMessage) -> None:
    """Puts mail into the mailbox, as a mail server would."""
    with mailbox(port) as box:
        for mail in mails:
            state, _told = box.append("INBOX", "", "", mail.as_bytes())
            assert state == "OK"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("the mail server does not start")
