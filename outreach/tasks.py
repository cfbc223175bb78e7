"""Background work of tasks; every one may come twice, and two workers may do it at once."""

from celery import shared_task

from core import jobs
from outreach.actions import (
    assessments,
    campaign_messages,
    campaign_steps,
    campaigns,
    drawing,
    due,
    reminding,
    series,
)


@shared_task
def tell_due() -> None:
    """Every 20 seconds: reminders, what turned overdue, what is no longer snoozed, what repeats."""
    reminding.tell_all_due()
    while series.go_on_with_due() == series.AT_ONCE:
        pass


@shared_task
def give_by_rule() -> None:
    """Every morning: tasks for risk assessments that end, and the end of those that were renewed."""
    assessments.give_and_close()


@shared_task
def prepare_callbacks() -> None:
    """Every morning: new accounts to call back, and the sample of a year that has none yet."""
    drawing.prepare()


@shared_task
def send_campaigns() -> None:
    """Every 30 seconds, and when a campaign starts: messages of running campaigns are ordered."""
    for _batch in range(50):
        if campaign_messages.order_due() < campaign_messages.AT_ONCE:
            break


@shared_task(time_limit=None, soft_time_limit=None)
def campaign_step(job_id: int) -> None:
    """Goes through a campaign's audience: propose, start or evaluate."""
    job = jobs.claim(job_id)
    if job is None:
        return
    with jobs.working(job):
        campaign_steps.work(job)


@shared_task
def end_campaigns() -> None:
    """Every night: campaigns whose last day has passed."""
    campaigns.end_over()


@shared_task
def close_contacted() -> None:
    """Every minute: due contacts whose client was contacted since."""
    due.close_contacted()
