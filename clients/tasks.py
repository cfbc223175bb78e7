"""Background work of the client record; every task may run twice, and late."""

from celery import shared_task

from clients.actions import conversion, duplicates, import_work, imports, ownership
from core import jobs


@shared_task
def apply_handovers() -> int:
    """Hand-overs whose date has come reach the clients' rows."""
    return ownership.apply_due()


@shared_task
def match_prospects() -> int:
    """Accounts that feeds have brought are joined with the prospects who opened them."""
    return conversion.match_prospects()


@shared_task(time_limit=None, soft_time_limit=None)
def find_duplicates(job_id: int) -> None:
    """Looks for duplicates because somebody asked for it."""
    job = jobs.claim(job_id)
    if job is not None:
        with jobs.working(job):
            job.result = {"changed": duplicates.find_duplicates()}


@shared_task(time_limit=None, soft_time_limit=None)
def find_duplicates_nightly() -> int:
    """Every night; the pairs are made anew, so coming twice changes nothing."""
    return duplicates.find_duplicates()


@shared_task(time_limit=None, soft_time_limit=None)
def import_work_job(job_id: int) -> None:
    """Does what an import waits for; coming twice, or after a killed worker, it does what is left."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        import_work.work(job)


@shared_task
def forget_old_imports() -> int:
    """Uploaded rows are deleted after 30 days."""
    return imports.forget_old_imports()
