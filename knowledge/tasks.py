"""Background work on articles; every task may come twice."""

from celery import shared_task

from knowledge.actions import articles


@shared_task
def tend_articles() -> None:
    """Every night: articles past their last day end, and owners hear of those that soon will."""
    articles.expire_articles()
    articles.remind_owners()
