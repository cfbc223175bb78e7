"""Migrations with the fewest model classes made anew, so that a new database is there in seconds.

While migrations run, Django keeps a class for every model as it was at that point. Whenever a model changes
it makes anew that class, every model that it refers to and every model that refers to those. Here nearly all
models refer to a client, a person or a unit, so each of about 900 changes made some sixty classes anew:
80 seconds for a new database, of which the database itself needed two.

A class has to be made anew only if it is the changed one or refers to one that is, however far: a class that
is merely referred to stays the same class, and learns of the new ones by Django's own bookkeeping.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState

Key = tuple[str, str]  # app label and model name, in lower case


def referring(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
    """The model and all that refer to it or inherit from it, directly or not."""
    found: set[Key] = set()
    left = [(app_label, model_name)]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left += [*state.relations.get(key, ()), *_heirs(state, key)]
    return found


def _heirs(state: ProjectState, key: Key) -> list[Key]:
    return [heir for heir, model in state.models.items() if key in _parents(model)]


def _parents(model: ModelState) -> list[Key]:
    named = [base.lower().split(".") for base in model.bases if isinstance(base, str)]
    return [(app_label, name) for app_label, name in named]


@contextmanager
def few_classes_anew() -> Iterator[None]:
    """Meanwhile Django asks `referring` which classes a change concerns."""
    kept = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = referring  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = kept  # type: ignore[attr-defined]
