"""Who is told of a case, by notice: its owner, those who watch it, the line above when a clock runs out."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from cases.models import Case, CaseClock
from cases.queries.lines import people_of_level
from core import audit
from staff.actions.notices import notify

GIVEN = gettext_noop("Case %(number)s was given to you")
MOVED = gettext_noop("Case %(number)s changed its state")
WARNED = gettext_noop("Case %(number)s is nearly due")
BREACHED = gettext_noop("Case %(number)s is overdue")
ANSWERED = gettext_noop("Case %(number)s waits for you")
KIND, KIND_CLOCK = "case", "case_clock"


def given(case: Case, actor: audit.Actor) -> None:
    """The owner hears of a case that somebody else gave."""
    if case.owner_id and not _is(actor, case.owner_id):
        _tell(case, [case.owner_id], KIND, GIVEN, f"case:{case.pk}:given:{case.version}")


def moved(case: Case, actor: audit.Actor) -> None:
    """Owner and watchers hear of a new state, unless they set it."""
    people = {*case.watchers.values_list("person_id", flat=True), case.owner_id}
    others = [pk for pk in people if pk and not _is(actor, pk)]
    _tell(case, others, KIND, MOVED, f"case:{case.pk}:state:{case.version}")


def waiting(case: Case, people: Iterable[int]) -> None:
    """Somebody has to decide on something of the case."""
    _tell(case, people, KIND, ANSWERED, f"case:{case.pk}:waits:{case.version}")


def clock_fired(clock: CaseClock, level: int) -> int:
    """Tells whoever belongs to this level; how many people that are."""
    case = clock.case
    recused = set(case.recusals.values_list("person_id", flat=True))
    people = [pk for pk in people_of_level(case, level) if pk not in recused]
    text = WARNED if level == 1 else BREACHED
    _tell(case, people, KIND_CLOCK, text, f"clock:{clock.pk}:{level}")
    return len(people)


def _tell(case: Case, people: Iterable[int], kind: str, text: str, key: str) -> None:
    wanted = [pk for pk in people if pk]
    if wanted:
        notify(
            people=wanted, kind=kind, text=text, params={"number": case.number},
            url=case.get_absolute_url(), key=key,
        )  # fmt: skip


def _is(actor: audit.Actor, person_id: int) -> bool:
    return actor.actor_kind == "person" and actor.actor_id == person_id
