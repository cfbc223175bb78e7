"""A table refers only to tables of its own app, of lower apps, or of libraries."""

from django.apps import apps

from tests.architecture import LAYERS, may_know


def test_foreign_keys_point_down() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LAYERS
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.related_model is not None
        and field.related_model._meta.app_label in LAYERS
        and not may_know(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert not upward
