"""Ctrl-C and SIGTERM: the first asks for an orderly end, a second one for a quick end."""

import signal
from types import FrameType, TracebackType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Raised once in the main thread, wherever it is; `finally` blocks put things in order."""


class Interrupts:
    """While active, the first signal raises Interrupted, later ones only set `hurry`."""

    def __init__(self) -> None:
        self.asked = False
        self.hurry = False

    def __enter__(self) -> Self:
        # nohup's wish is respected; Ctrl-C and SIGTERM must work even where a shell has turned them off
        numbers = [n for n in SIGNALS if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._receive) for number in numbers}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            self.hurry = True
            return
        self.asked = True
        raise Interrupted
