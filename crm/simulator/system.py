"""Another system that logs contacts by API: a key for each, sent again until it is answered."""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from crm.simulator.player import PAUSES, Answer, Web

SCOPES = ("interactions:write", "interactions:read", "clients:read")
ADDRESS = "/api/v1/interactions/"
BATCHES = f"{ADDRESS}batch/"


@dataclass(frozen=True)
class Credentials:
    """What the other system was given: id and secret of its API client."""

    client_id: str
    secret: str


@dataclass(frozen=True)
class Filing:
    """One entry as it is told, or `entries` together; the key names it, however often it is sent."""

    key: str
    body: Mapping[str, Any]


@dataclass
class Filed:
    """What was answered: entry ids by key, how often something was sent again, what went wrong."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    replayed: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


class System:
    """One connection of the other system; it asks for a new token when the old one is refused."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self.web, self.credentials, self.token = Web(url), credentials, ""

    def file(self, filing: Filing) -> Answer:
        """One try; raises OSError or HTTPException when no answer came."""
        answer = self._post(filing)
        if answer.status == 401:
            self._sign_in()
            answer = self._post(filing)
        return answer

    def _post(self, filing: Filing) -> Answer:
        headers = {
            "Authorization": f"Bearer {self.token}", "Idempotency-Key": filing.key,
            "Content-Type": "application/json",
        }  # fmt: skip
        address = BATCHES if "entries" in filing.body else ADDRESS
        return self.web.ask("POST", address, json.dumps(filing.body).encode(), headers)

    def _sign_in(self) -> None:
        pair = f"{self.credentials.client_id}:{self.credentials.secret}".encode()
        headers = {
            "Authorization": f"Basic {b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"grant_type": "client_credentials", "scope": " ".join(SCOPES)}).encode()
        answer = self.web.ask("POST", "/o/token/", body, headers)
        if answer.status == 200:
            self.token = json.loads(answer.body)["access_token"]


def file_all(
    filings: Sequence[Filing], url: str, credentials: Credentials, *, connections: int = 1, pace: float = 0
) -> Filed:
    """Tells all of these by so many connections. pace: seconds that a connection rests between two."""
    left, lock, whole = iter(filings), threading.Lock(), Filed()

    def work() -> None:
        system = System(url, credentials)
        while True:
            with lock:
                filing = next(left, None)
            if filing is None:
                return
            _insist(system, filing, whole, lock)
            time.sleep(pace)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return whole


def _insist(system: System, filing: Filing, whole: Filed, lock: threading.Lock) -> None:
    """Until there is an answer, as many times as a channel tries."""
    problem = ""
    for pause in (*PAUSES, 0.0):
        began = time.perf_counter()
        try:
            answer = system.file(filing)
        except (OSError, HTTPException) as error:
            problem = type(error).__name__
        else:
            if answer.status < 500 and answer.status != 429:
                spent = (time.perf_counter() - began) * 1000
                return _note(filing, answer, spent, whole, lock)
            problem = str(answer.status)
        with lock:
            whole.again += 1
        time.sleep(pause)
    with lock:
        whole.wrong.append(f"{filing.key}: never answered ({problem})")


def _note(filing: Filing, answer: Answer, spent: float, whole: Filed, lock: threading.Lock) -> None:
    with lock:
        whole.milliseconds.append(spent)
        if answer.status != 201:
            whole.wrong.append(f"{filing.key}: {answer.status} {answer.body[:200].decode(errors='replace')}")
            return
        told = json.loads(answer.body)
        number = int(told["ids"][0] if "ids" in told else told["id"])
        whole.replayed += filing.key in whole.acknowledged
        if whole.acknowledged.setdefault(filing.key, number) != number:
            whole.wrong.append(f"{filing.key}: answered as {whole.acknowledged[filing.key]} and as {number}")
