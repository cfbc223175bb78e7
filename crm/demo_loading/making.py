"""The order in which a demo is made."""

from collections.abc import Callable
from datetime import date
from functools import partial

from core import jobs
from crm.demo import Demo, build
from crm.demo_loading import (
    around,
    callbacks,
    campaigns,
    cases,
    desk,
    extras,
    knowledge,
    models,
    nights,
    overrides,
    owned,
    packages,
    reports,
    rewards,
    schemes,
    scripts,
    segments,
    signing,
    tasks,
)
from crm.demo_loading.asked import Asked, Progress, Telling, running_job
from crm.demo_loading.names import make_short_names
from segmentation.actions.publishing import MONTHS_NEEDED
from segmentation.dates import month_end, months_between

BEGINNING = date.min


def make(asked: Asked, *, report: Progress, password: str | None, say: Callable[[str], object]) -> None:
    """Makes the demo, or goes on with the one that was begun; `say` gets the sign-ins.

    Raises NotEmpty on a database with other data.
    """
    job = running_job(asked)
    with jobs.working(job):
        begun = Asked.of(job)
        _make(
            build(**vars(begun)), begun.until, Telling(job, report), lambda: extras.make_people(password, say)
        )


def _make(demo: Demo, until: date, telling: Telling, people: Callable[[], None]) -> None:
    """First the days up to the first picture; then the others, while the picture is made beside."""
    picture = picture_day(demo, until)
    early = [day for day in demo.days if picture is None or day <= picture]
    load = telling.stage(0.0, 0.75)
    _load(demo, early[:1], load)
    people()
    extras.make_targets(demo)
    _load(demo, early[1:], load)
    extras.make_contacts(demo, BEGINNING, picture or until)
    around.make_around(demo.seed, until)
    scripts.make_scripts()
    desk.make_desk()
    cases.make_cases(demo.seed)
    tasks.make_tasks(demo.seed)
    overrides.make_overrides(until)
    schemes.make_scheme_draft(until)
    if picture is not None:
        with nights.beside(partial(nights.first_picture, picture)) as drawn:
            _load(demo, demo.days[len(early) :], load)
            nights.watched(drawn, telling.stage(0.75, 0.85))
        extras.make_contacts(demo, picture, until)
    make_short_names()
    owned.make_owned(demo.seed, until)
    knowledge.make_knowledge(demo.seed, until)
    callbacks.make_callbacks(demo.seed, until)
    campaigns.make_campaigns(demo.seed, until)
    if picture != until:
        with nights.beside(partial(nights.last_night, until)) as done:
            nights.watched(done, telling.stage(0.85, 1.0))
    segments.make_segments(until)
    signing.make_sign_offs(until)
    campaigns.evaluate_campaigns()
    models.make_draft()
    rewards.make_rewards()
    reports.make_reports()
    telling.stage(0.0, 1.0)("done", 1.0)


def _load(demo: Demo, days: list[date], progress: Progress) -> None:
    for day in packages.loaded(demo, days):
        progress(f"feed packages, {day}", (demo.days.index(day) + 1) / len(demo.days))


def picture_day(demo: Demo, until: date) -> date | None:
    """The close at which twelve months are loaded; of a shorter demo its last one, None without any."""
    closes = [month_end(month) for month in months_between(demo.days[0], until) if month_end(month) <= until]
    return closes[min(MONTHS_NEEDED, len(closes)) - 1] if closes else None
