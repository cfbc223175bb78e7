"""Refusals that rules may raise; pages and the API turn each into its status."""


class Refusal(Exception):
    """A deed that cannot be done now. `code` is for programs, `message` for people."""

    status = 409

    def __init__(self, message: str, *, code: str = "conflict") -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code


class Conflict(Refusal):
    """The state of things does not allow it (409)."""


class Stale(Refusal):
    """Somebody else changed the record in the meantime (412)."""

    status = 412

    def __init__(
        self, message: str = "The record was changed in the meantime.", *, code: str = "stale"
    ) -> None:
        super().__init__(message, code=code)
