from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self) -> None:
        from staff import signals  # noqa: F401  connects the receivers
        from staff.roles import Role

        if unknown := settings.SECOND_FACTOR_ROLES - set(Role.values):
            raise ImproperlyConfigured(
                f"CRM_SECOND_FACTOR_ROLES names no role: {', '.join(sorted(unknown))}."
            )
