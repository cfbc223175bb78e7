"""A what-if over all clients under the clock: a draft of the value model tried on the last night's rows."""

from datetime import date
from decimal import Decimal
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from core import sql
from core.runs import last_finished
from crm.bench.clock import bare_scan, seconds
from crm.bench.fill import Say
from kpis.recompute.trial import try_cards
from segmentation.actions.curves import take_curves
from segmentation.leaves import with_values
from segmentation.models import ModelDraft, ModelTrial, ModelVersion
from segmentation.queries import backtesting, trying
from staff.models import Person

TIMES = 3
SCANNED = "SELECT count(*), sum(contribution_12m), sum(score) FROM segmentation_clientscore"


@transaction.atomic
def measure(say: Say) -> None:
    """The pass, and with what the page makes of it, against the bare scan; nothing of it is kept."""
    run = last_finished()
    live = ModelVersion.objects.serving(run.as_of) if run else None
    if run is None or live is None:
        say("what-if: nobody is scored here yet; run `./dev.py bench nightly` first")
        return
    draft = _draft(live)
    yardstick = bare_scan()
    say(f"yardstick: bare serial GROUP BY client_id over the client-months {yardstick:.1f} s")
    say(f"  one scan of the current rows: {min(seconds(_scan) for _time in range(TIMES)):.2f} s")
    sql.allow_nested_loops(False)
    trying.let_workers_help()
    found = trying.ways(draft, run.as_of)
    clients = sum(row["clients"] for row in found)
    moved = sum(row["clients"] for row in found if row["tier"] != row["live_tier"])
    passed = min(seconds(partial(trying.ways, draft, run.as_of)) for _time in range(TIMES))
    told = seconds(partial(trying.what_if, draft, run.as_of, live.rules, found))
    say(f"  {clients:,} clients, {len(found):,} ways, {moved:,} move: {passed:.2f} s")
    say(f"  the movers with their reasons: {told:.2f} s")
    spent = passed + told
    say(f"what-if as of {run.as_of}: {spent:.2f} s, {spent / yardstick:.2f} x the yardstick")
    _cards(say, draft, run.as_of)
    for close in backtesting.closes_with_outcome()[:1]:
        spent = seconds(partial(backtesting.backtest, draft, close, live.rules))
        say(f"backtest of {close}: {spent:.2f} s")
    transaction.set_rollback(True)


def _draft(live: ModelVersion) -> ModelDraft:
    """More weight on assets, one indicator off, a higher cut-off."""
    changed = with_values(
        live.definition,
        {
            "axis__current": Decimal("0.4"), "axis__potential": Decimal("0.4"),
            "weight__net_inflow_ratio": Decimal(0), "weight__assets_avg_3m": Decimal("0.75"),
            "cut__V4": Decimal(72),
        },
    )  # fmt: skip
    author = Person.objects.order_by("pk").first() or Person.objects.create(username="bench", name="bench")
    draft = ModelDraft.objects.create(
        name="bench", definition=changed, base=live, author=author, written_at=timezone.now()
    )
    take_curves(draft)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE segmentation_draftcurve")
    return draft


def _cards(say: Say, draft: ModelDraft, as_of: date) -> None:
    trial = ModelTrial.objects.create(
        draft=draft, kind="what_if", draft_version=1, as_of=as_of, asked_by="bench", asked_at=timezone.now()
    )
    spent = seconds(partial(try_cards, trial.pk))
    trial.refresh_from_db()
    say(f"scorecards of {trial.trial_cards.period or 'no month'} under the draft: {spent:.2f} s")


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCANNED)
        cursor.fetchall()
