"""What the access matrix needs of schemes: a draft of the first value analyst."""

from types import SimpleNamespace
from typing import Any

from kpis import actions


def scheme_places(cast: SimpleNamespace) -> dict[str, Any]:
    return {"draft": actions.begin_draft(actor=cast.value_analyst).pk}
