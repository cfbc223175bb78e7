"""Background work of the feeds: uploaded packages."""

from celery import shared_task

from core import jobs
from core.audit import SystemActor
from trading import actions
from trading.models import FeedPackage


@shared_task(time_limit=None, soft_time_limit=None)
def load_upload(job_id: int) -> None:
    """Loads the package of a job; coming twice, or after a killed worker, it does what is left."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        package = FeedPackage.objects.get(pk=job.arguments["package"])
        result = actions.load_upload(package=package, actor=SystemActor(actor_name=package.sent_by))
        job.result = {"package": package.pk, "state": result.state}
