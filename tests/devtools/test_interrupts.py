"""Ctrl-C and SIGTERM."""

import os
import signal

import pytest

from devtools.interrupts import Interrupted, Interrupts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_first_signal_interrupts_and_second_hurries(number: int) -> None:
    with Interrupts() as interrupts:
        with pytest.raises(Interrupted):
            os.kill(os.getpid(), number)
        assert not interrupts.hurry
        os.kill(os.getpid(), number)
        assert interrupts.hurry


def test_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
