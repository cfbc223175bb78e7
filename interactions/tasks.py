"""Background work of contacts; every task may come twice."""

from celery import shared_task

from core.files import keeping
from interactions import levels, unanswered
from interactions.actions import arrival, beside, desk, handing, mailbox, media, recordings, sending


@shared_task
def serve_desk() -> None:
    """Every 15 seconds: events that failed, conversations that wait, calls nobody answered."""
    for event in arrival.waiting_events():
        arrival.try_again(event=event)
    desk.close_what_nobody_answered()
    handing.wake_snoozed()
    desk.offer_what_waits()
    media.fetch_due()
    keeping.scan_waiting()
    sending.send_due()


@shared_task
def send_deliveries() -> None:
    """Woken by whoever ordered a message."""
    keeping.scan_waiting()
    sending.send_due()


@shared_task
def fetch_media() -> None:
    """Woken by a message that names a picture or file."""
    media.fetch_due()
    keeping.scan_waiting()


@shared_task
def fetch_mail() -> None:
    """Every 30 seconds: new mail of all lines."""
    mailbox.fetch_mail()


@shared_task
def refresh_levels() -> None:
    """Every minute: the service levels of today and of changed days; recordings find their calls."""
    levels.refresh()
    recordings.match_waiting()


@shared_task
def refresh_unanswered() -> None:
    """Every hour: clients whom nobody reaches; coming twice changes nothing."""
    unanswered.refresh()


@shared_task
def sweep_levels() -> None:
    """Every night: the last eight days of service levels."""
    levels.sweep()


@shared_task
def tidy_desk() -> None:
    """Every night: files of no conversation, and who looked at what."""
    keeping.forget_orphans()
    beside.forget_looks()
