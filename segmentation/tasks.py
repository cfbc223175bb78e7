"""Background work of the value model and of saved segments; every task may come twice."""

from collections.abc import Callable

from celery import shared_task

from core import jobs
from core.models import Job
from segmentation.actions import trials
from segmentation.recompute import past


@shared_task(time_limit=None, soft_time_limit=None)
def try_model(job_id: int) -> None:
    """Tries a draft of the model on all clients."""
    _work(job_id, trials.work)


@shared_task(time_limit=None, soft_time_limit=None)
def draw_past_closes(job_id: int) -> None:
    """Draws the trend of a segment at past month closes (Job.arguments names the segment)."""
    _work(job_id, past.draw_past_closes)


def _work(job_id: int, do: Callable[[Job], None]) -> None:
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        do(job)
