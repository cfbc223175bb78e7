"""The one place that talks to Celery by task name."""

from typing import Any

from celery import current_app


def send(task_name: str, args: tuple[Any, ...]) -> None:
    current_app.send_task(task_name, args=list(args), retry=False)
