"""Background work on articles and inspections; every task may come twice."""

from celery import shared_task
from django.utils import timezone

from knowledge.actions import articles, plans


@shared_task
def tend_articles() -> None:
    """Every night: articles past their last day end, and owners hear of those that soon will."""
    articles.expire_articles()
    articles.remind_owners()


@shared_task
def draw_samples() -> None:
    """Every morning: last week of each sampling plan, where it was not drawn yet."""
    plans.draw_due(timezone.localdate())
