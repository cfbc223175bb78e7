"""Background work of the value model; every task may come twice."""

from celery import shared_task

from core import jobs
from segmentation.actions import trials


@shared_task(time_limit=None, soft_time_limit=None)
def try_model(job_id: int) -> None:
    """Tries a draft of the model on all clients."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        trials.work(job)
