"""What can be wrong: a row's fault, and the refusal of a whole package."""

from dataclasses import dataclass, field
from typing import Any

from trading.reasons import told


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken in. `code` is one of trading.reasons; `parent` names what the row waits for."""

    code: str
    column: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    parent: str = ""

    @property
    def waits(self) -> bool:
        return self.code.startswith("unknown_")

    @property
    def text(self) -> str:
        return told(self.code, {"column": self.column, **self.values})


class Refused(Exception):
    """The whole package is refused. `problems` are codes and values of trading.reasons."""

    def __init__(self, code: str = "", **values: Any) -> None:
        self.problems: list[dict[str, Any]] = [{"code": code, "values": values}] if code else []
        super().__init__(code)

    @classmethod
    def for_all(cls, problems: list[dict[str, Any]]) -> "Refused":
        """One refusal for several problems."""
        refusal = cls()
        refusal.problems = problems
        return refusal

    def __str__(self) -> str:
        return " ".join(told(problem["code"], problem["values"]) for problem in self.problems)
