"""A draft of the scheme that waits for a second person, as the value analysts left it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpis import actions
from kpis.models import SchemeDraft
from kpis.rules.periods import QUARTER, period_of
from kpis.rules.scheme import PROFITABILITY
from staff.models import Person

WRITER = "luo.tianyu"
WEIGHTS = {"new": 15, "lost": 35, "upgraded": 25, PROFITABILITY: 25}
REASON = "存量客户流失对收入影响最大：流失率权重由 30 提到 35，盈利能力由 20 提到 25，新客与升级各降 5。"


def make_scheme_draft(until: date) -> None:
    """Serving from the next quarter on; unless there is a draft already."""
    writer = Person.objects.filter(username=WRITER).first()
    if writer is None or SchemeDraft.objects.exists():
        return
    draft = actions.begin_draft(actor=writer)
    scheme = replace(
        draft.as_rules(),
        weights={name: Decimal(weight) for name, weight in WEIGHTS.items()},
        cap=Decimal(110),
    )
    start = period_of(until, QUARTER).shifted(1).start
    draft = actions.change_draft(
        actor=writer, draft=draft, version=draft.version, scheme=scheme, serves_from=start, reason=REASON
    )
    actions.propose_scheme(actor=writer, draft=draft, version=draft.version)
