"""What was asked for, the job row that keeps it, and the telling of progress."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import Job
from trading.queries import loaded_range

KIND = "demo_data"
ACTOR = audit.SystemActor("demo data")
Progress = Callable[[str, float], None]
"""Takes what is being done and the share of it that is done, 0 to 1."""


class NotEmpty(Exception):
    """The database holds data already; the message says what to do."""


@dataclass(frozen=True)
class Asked:
    """What makes a demo: the same four give the same rows. Figures stand as of `until`."""

    clients: int
    months: int
    seed: int
    until: date

    def arguments(self) -> dict[str, int | str]:
        """As kept in the job row."""
        return {**vars(self), "until": self.until.isoformat()}

    @classmethod
    def of(cls, job: Job) -> "Asked":
        """What the start that made the job asked for."""
        return cls(**{**job.arguments, "until": date.fromisoformat(job.arguments["until"])})


def running_job(asked: Asked) -> Job:
    """The job of this demo, or of one that was begun and not finished; only this process works on it.

    Raises NotEmpty when feeds were loaded that are not of an unfinished demo.
    """
    job = Job.objects.filter(kind=KIND).exclude(state=Job.State.DONE).order_by("-id").first()
    if job is None:
        if loaded_range()[0] is not None:
            raise NotEmpty("This database holds feed data already; demo data needs an empty one.")
        job = Job(kind=KIND, title=_("Demo data"), owner_name=ACTOR.actor_name, arguments=asked.arguments())
    job.state, job.attempts, job.error = Job.State.RUNNING, jobs.MOST_ATTEMPTS, ""
    job.started_at = job.touched_at = timezone.now()
    job.save()
    return job


@dataclass
class Telling:
    """Tells the progress of stages as shares of the whole, on the terminal and in the job row."""

    job: Job
    report: Progress
    percent: int = -1

    def stage(self, start: float, end: float) -> Progress:
        """For a stage that reaches from `start` to `end` of the whole (0 to 1)."""
        return lambda words, share: self._tell(words, start + (end - start) * min(share, 1.0))

    def _tell(self, words: str, whole: float) -> None:
        self.report(words, whole)
        if int(whole * 100) > self.percent:
            self.percent = int(whole * 100)
            jobs.progress(self.job, self.percent)
