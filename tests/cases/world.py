"""Cases for the tests: opened through the deed, with the cast as actors."""

from datetime import datetime
from typing import Any

from cases.actions.cases import open_case
from cases.models import Case
from trading.business_time import SHANGHAI


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def make_case(actor: Any, client: Any, kind: str = "service_request", **more: Any) -> Case:
    told: dict[str, Any] = {"subject": "查询对账单", "text": "想要去年的对账单"} | more
    if kind == "complaint":
        told.setdefault("fields", {"wants": "退还佣金"})
    return open_case(actor=actor, client=client, kind=kind, **told)
