"""Large deeds under the clock: imports of new prospects and of changes, a hand-over, each taken back."""

import resource
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from clients import tasks
from clients.actions import imports as deeds
from clients.bulk.ownership import HAND_OVER
from clients.models import Client, ClientImport, Prospect
from core.bulk import choosing, working
from core.models import BulkRun
from core.registry import list_sources
from core.tasks import bulk_work
from crm.bench.clock import seconds
from crm.bench.fill import Say
from crm.bench.pages import signed_in
from crm.demo.identifiers import resident_id
from staff.models import Person
from staff.roles import Role

ROWS = 100_000
BRANCH, MANAGER = "5001", "M5001A"
NEW = "姓名,手机,身份证,营业部,客户经理,来源,备注,标签\n"
CHANGED = "客户号,简称,职业,备注,行外资产\n"


def measure(say: Say) -> None:
    """Seconds of 100 000 rows, dry run, deed and undo, and how much memory the process came to hold."""
    signed_in(Role.TEAM_LEAD, "HQ")
    lead: Any = get_user_model().objects.get(username=f"bench.{Role.TEAM_LEAD}")
    _import(lead, "new prospects", NEW, _newcomers(), say)
    _import(lead, "changed clients", CHANGED, _changes(), say)
    _hand_over(lead, say)


def _newcomers() -> Iterator[str]:
    start = Prospect.objects.count()  # numbers that an earlier measurement left are not used again
    for number in range(start, start + ROWS):
        born = date(1950 + number % 50, 1 + number // 50 % 12, 1 + number // 600 % 28)
        identity = resident_id("310101", f"{born:%Y%m%d}", number // 16_800 % 1000)
        name, mobile = f"陈{chr(0x4E00 + number % 5000)}华", f"1{30 + number % 60}{number:08d}"
        yield f"{name},{mobile},{identity},5{1 + number % 200:03d},,event,展会,展会\n"


def _changes() -> Iterator[str]:
    told = timezone.now().isoformat()
    numbers = Client.objects.exclude(status="prospect").order_by("pk").values_list("client_no", flat=True)
    for place, client_no in enumerate(numbers[:ROWS]):
        yield f"{client_no},简称{place % 97},教师,{told},{place}\n"


def _import(lead: Person, what: str, head: str, rows: Iterator[str], say: Say) -> None:
    made = deeds.receive_import(actor=lead, name="bench.csv", chunks=[(head + "".join(rows)).encode()])
    spent = {"read": _work(made)}
    deeds.name_columns(actor=lead, made=made, mapping=made.mapping, branch=BRANCH)
    spent["tried"] = _work(made)
    deeds.start_import(actor=lead, made=made)
    spent["done"] = _work(made)
    counts = dict(made.counts)
    deeds.start_undo(actor=lead, made=made)
    spent["taken back"] = _work(made)
    say(f"import of {made.rows:,} {what}: {_words(spent)}; {counts}, then {made.counts}; {_memory()}")


def _work(made: ClientImport) -> float:
    made.refresh_from_db()
    spent = seconds(lambda: tasks.import_work_job(made.job.pk))  # type: ignore[union-attr]
    made.refresh_from_db()
    return spent


def _hand_over(lead: Person, say: Say) -> None:
    source = list_sources()["clients"]
    chosen = Client.objects.exclude(manager_no=MANAGER).order_by("pk").values_list("pk", flat=True)[:ROWS]
    run = choosing.choose(actor=lead, source=source, deed=HAND_OVER, ids=list(chosen))
    given = {"branch": BRANCH, "managers": MANAGER, "from_date": timezone.localdate(), "reason": "bench"}
    form = HAND_OVER.form(given, person=lead)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    run = working.start(actor=lead, run=run, deed=HAND_OVER, form=form)
    spent = {"done": _bulk(run)}
    run = working.start_undo(actor=lead, run=run, deed=HAND_OVER)
    spent["taken back"] = _bulk(run)
    say(f"hand-over of {run.total:,} clients: {_words(spent)}; {_memory()}")


def _bulk(run: BulkRun) -> float:
    return seconds(lambda: bulk_work(run.job_id))


def _words(spent: dict[str, float]) -> str:
    return ", ".join(f"{what} in {took:.0f} s" for what, took in spent.items())


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most"
