"""The people at the desks, by the pages they use: they are there, and write down each call that is over."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from crm.simulator.player import Answer, Web

CSRF = "simulateddeskcsrfsecret32letters"
THERE_EVERY = 30.0  # seconds between two signs of life
REST = 2.0  # seconds, when nobody has anything to write down
WORDS = {
    "category": "enquiry.trading", "summary": "问新股申购", "outcome": "resolved",
    "reason": "客户只问申购日期",  # a category's checklist may ask for steps this call had no need of
}  # fmt: skip


@dataclass(frozen=True)
class Agent:
    """Somebody who is signed in: user name and session key."""

    name: str
    session: str


@dataclass
class Written:
    """How many calls were written down, and answers that are none of a desk in order."""

    calls: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)


def work(agents: Sequence[Agent], url: str, over: threading.Event, *, connections: int = 2) -> Written:
    """Works until the day is over and everybody's calls are written down."""
    whole, lock = Written(), threading.Lock()
    parts = [agents[start::connections] for start in range(connections)]
    threads = [threading.Thread(target=_desks, args=(part, url, over, whole, lock)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return whole


def _desks(
    agents: Sequence[Agent], url: str, over: threading.Event, whole: Written, lock: threading.Lock
) -> None:
    """One connection that serves some people's pages in turn."""
    web, there, refused = Web(url), 0.0, set[int]()
    while True:
        last = over.is_set()
        if time.monotonic() - there > THERE_EVERY:
            there = time.monotonic()
            for agent in agents:
                _insist(web, agent, "POST", "/desk/presence/", {"state": "available"}, whole, lock)
        done = sum(_write_down(web, agent, whole, lock, refused) for agent in agents)
        if last and not done:
            return
        time.sleep(0 if done else REST)


def _write_down(web: Web, agent: Agent, whole: Written, lock: threading.Lock, refused: set[int]) -> int:
    """The agent's calls that wait for their entry; how many there were. Refused ones are not tried again."""
    asked = urlencode({"state": "wrap_up", "agent": agent.name})
    answer = _insist(web, agent, "GET", f"/api/v1/conversations/?{asked}", {}, whole, lock)
    rows = json.loads(answer.body)["results"] if answer is not None and answer.status == 200 else []
    rows = [row for row in rows if row["id"] not in refused]
    for row in rows:
        page = f"/desk/conversations/{row['id']}/wrap-up/"
        answer = _insist(web, agent, "POST", page, WORDS, whole, lock)
        with lock:  # 409: written down by a try whose answer got lost, or handed on meanwhile
            whole.calls += answer is not None and answer.status == 302
            if answer is not None and answer.status not in (302, 409):
                whole.wrong.append(f"wrap-up of {row['id']}: {answer.status}")
                refused.add(row["id"])
    return len(rows)


def _insist(
    web: Web, agent: Agent, method: str, path: str, form: Mapping[str, Any], whole: Written,
    lock: threading.Lock,
) -> Answer | None:  # fmt: skip
    """As somebody who presses the button again; None when nothing comes for a minute."""
    headers = {
        "Cookie": f"sessionid={agent.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = web.ask(method, path, urlencode(form).encode(), headers)
        except (OSError, HTTPException):
            answer = None
        if answer is not None and answer.status < 500 and answer.status != 429:
            return answer
        with lock:
            whole.again += 1
        time.sleep(0.5)
    with lock:
        whole.wrong.append(f"{method} {path}: no answer for a minute")
    return None
