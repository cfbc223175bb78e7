"""Background work of all lists: bulk deeds and files. What is to be done stands in the database."""

from celery import shared_task

from core import jobs
from core.bulk import choosing, working
from core.exports import asking, making


@shared_task(time_limit=None, soft_time_limit=None)
def bulk_work(job_id: int) -> None:
    """Does what is left of a bulk run, or takes it back; coming twice does no harm."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        working.work(job)


@shared_task(time_limit=None, soft_time_limit=None)
def make_export(job_id: int) -> None:
    """Makes the file of an export; coming twice makes it once."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        making.make(job)


@shared_task
def forget_expired() -> None:
    """Every hour: files and choices whose time is over go."""
    asking.expire()
    choosing.forget_drafts()
