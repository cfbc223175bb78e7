"""Celery: a message is only a wake-up that may vanish or come twice; the work stands in the database."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
app = Celery("crm")


@setup_logging.connect
def keep_own_logging(**_told: object) -> None:
    """Worker and beat write the same JSON lines as the web, blacked out by core.logs; Celery sets up none."""


app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    timezone="Asia/Shanghai",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # above the longest task, so that a running one is not handed out a second time
        "visibility_timeout": 7200,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.2},
    beat_schedule={
        "nightly": {"task": "crm.tasks.knock_nightly", "schedule": crontab(hour=1, minute=0)},
        "sweep": {"task": "crm.tasks.sweep", "schedule": 15.0},
        "desk": {"task": "interactions.tasks.serve_desk", "schedule": 15.0},
        # each second; one that waited longer is not needed any more
        "clocks": {"task": "cases.tasks.tick", "schedule": 1.0, "options": {"expires": 2}},
        "keep_clocks": {"task": "cases.tasks.keep_clocks", "schedule": crontab(minute="*/10")},
        "mail": {"task": "interactions.tasks.fetch_mail", "schedule": 30.0},
        "forget_expired": {"task": "core.tasks.forget_expired", "schedule": crontab(minute=20)},
        "handovers": {"task": "clients.tasks.apply_handovers", "schedule": crontab(minute=5)},
        "prospects": {"task": "clients.tasks.match_prospects", "schedule": crontab(minute="*/20")},
        "find_duplicates": {
            "task": "clients.tasks.find_duplicates_nightly",
            "schedule": crontab(hour=3, minute=40),
        },
        "old_imports": {"task": "clients.tasks.forget_old_imports", "schedule": crontab(hour=4, minute=15)},
        "service_levels": {"task": "interactions.tasks.refresh_levels", "schedule": crontab()},
        "service_levels_sweep": {
            "task": "interactions.tasks.sweep_levels",
            "schedule": crontab(hour=0, minute=20),
        },
        "unanswered": {"task": "interactions.tasks.refresh_unanswered", "schedule": crontab(minute=35)},
        "tidy_desk": {"task": "interactions.tasks.tidy_desk", "schedule": crontab(hour=4, minute=45)},
        "articles": {"task": "knowledge.tasks.tend_articles", "schedule": crontab(hour=0, minute=10)},
        "samples": {"task": "knowledge.tasks.draw_samples", "schedule": crontab(hour=6, minute=10)},
        "mail_notices": {"task": "staff.tasks.mail_notices", "schedule": 60.0},
        "tasks": {"task": "outreach.tasks.tell_due", "schedule": 20.0},
        "campaigns": {"task": "outreach.tasks.send_campaigns", "schedule": 30.0},
        "campaigns_over": {"task": "outreach.tasks.end_campaigns", "schedule": crontab(hour=0, minute=5)},
        "due_contacts": {"task": "outreach.tasks.close_contacted", "schedule": crontab()},
        "tasks_by_rule": {"task": "outreach.tasks.give_by_rule", "schedule": crontab(hour=7, minute=30)},
        "callbacks": {"task": "outreach.tasks.prepare_callbacks", "schedule": crontab(hour=7, minute=15)},
        "reports": {"task": "kpis.tasks.tend", "schedule": crontab(hour=7, minute=20)},
        "sign_offs": {"task": "kpis.tasks.tell_sign_offs", "schedule": crontab(minute=45)},
        "clear_up": {"task": "staff.tasks.clear_up", "schedule": crontab(hour=4, minute=0)},
        "verify_audit": {"task": "staff.tasks.verify_audit", "schedule": crontab(hour=4, minute=30)},
    },
)
app.autodiscover_tasks()
