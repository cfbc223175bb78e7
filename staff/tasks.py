"""Nightly housekeeping: what has expired goes, and the audit trail is checked."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from oauth2_provider.models import clear_expired

from core import outbox, proof
from core.api.idempotency import forget_old
from staff.actions import mailing

log = logging.getLogger(__name__)


@shared_task
def clear_up() -> None:
    """Forgets answers kept for idempotency, old events, notices, sign-in failures, expired tokens."""
    forget_old()
    outbox.forget_old()
    mailing.forget_old()
    clear_expired()
    call_command("clearsessions")
    call_command("axes_reset_logs", age=90)


@shared_task
def verify_audit() -> None:
    """Checks all chains; a fault is an error in the log, which is what alarms watch."""
    faults, _heads = proof.verify(settings.AUDIT_HEADS)
    for fault in faults:
        log.error("audit trail: %s", fault)


@shared_task
def mail_notices() -> None:
    """Every minute, and woken by notices to be mailed at once; without a mail server nothing is gathered."""
    if settings.EMAIL_HOST:
        mailing.gather()
        mailing.send_due()
