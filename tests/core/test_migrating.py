"""Migrations with few classes made anew: the same classes in the end, and all refer to those that count."""

from typing import Any

import pytest
from django.core.management import get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from core.migrating import few_classes_anew, referring

pytestmark = pytest.mark.django_db


def strangers(state: ProjectState) -> list[str]:
    """Fields that refer to a class which is not the one of its model any more."""
    models = {model._meta.label_lower: model for model in state.apps.get_models(include_auto_created=True)}
    return [
        f"{model._meta.label}.{field.name}"
        for model in models.values()
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation
        and field.related_model is not None
        and field.related_model is not models[field.related_model._meta.label_lower]  # type: ignore[union-attr]
    ]


def test_every_migration_leaves_classes_that_know_each_other() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    state, anew = ProjectState(), list[int]()

    def counted(*asked: Any, **options: Any) -> set[tuple[str, str]]:
        found = referring(*asked, **options)
        anew.append(len(found))
        return found

    with few_classes_anew():
        assert ProjectState._find_reload_model is referring  # type: ignore[attr-defined]
        ProjectState._find_reload_model = counted  # type: ignore[attr-defined]
        for migration, _backwards in plan:
            _ = state.apps  # as the executor: classes are there from the beginning
            state = migration.mutate_state(state, preserve=False)
            assert not strangers(state), migration
    assert len(plan) > 100 and sum(anew) / len(anew) < 15


def test_a_leaf_is_made_anew_alone_and_a_hub_with_all_that_refer_to_it() -> None:
    state = MigrationExecutor(connection).loader.project_state()
    assert referring(state, "core", "runchunk") == {("core", "runchunk")}
    assert {("core", "run"), ("core", "runstep"), ("core", "runchunk")} == referring(state, "core", "run")
    assert ("clients", "clientstanding") in referring(state, "staff", "unit")


def test_migrate_is_the_quick_one() -> None:
    assert get_commands()["migrate"] == "core"
