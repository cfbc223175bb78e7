"""Django's own `migrate`, quicker (core/migrating.py)."""

from typing import Any

from django.core.management.commands import migrate

from core.migrating import few_classes_anew


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with few_classes_anew():
            super().handle(*args, **options)
