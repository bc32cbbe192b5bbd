from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from asctl.cli.signals import Interruption, Stopped


def test_the_second_signal_ends_a_patient_run() -> None:
    """Whoever presses Ctrl-C twice does not want to wait; the first signal decides the exit code."""
    interruption = Interruption()
    with interruption.heard():
        assert not interruption.came()
        os.kill(os.getpid(), signal.SIGTERM)
        assert interruption.came()
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGINT)
    assert interruption.signum == signal.SIGTERM


def interrupted(*items: str) -> Iterator[str]:
    """Items, and Ctrl-C while the next one is waited for."""
    yield from items
    os.kill(os.getpid(), signal.SIGINT)
    yield "never"


def test_waiting_for_input_ends_with_the_first_signal() -> None:
    """A patient run goes on as if there were no more, however long the next item would have taken; others break off."""
    patient, hasty = Interruption(), Interruption()
    patient.came()
    with patient.heard():
        assert list(patient.until_signal(interrupted("1", "2"))) == ["1", "2"]
        assert list(patient.until_signal(iter("3"))) == []
    assert patient.signum == signal.SIGINT
    with hasty.heard(), pytest.raises(Stopped):
        list(hasty.until_signal(interrupted("1")))


def test_a_signal_beside_the_reading_waits() -> None:
    """What a patient run does with an item is not broken off; the next one is not read."""
    interruption = Interruption()
    interruption.came()
    worked: list[str] = []
    with interruption.heard():
        for item in interruption.until_signal(iter("12")):
            os.kill(os.getpid(), signal.SIGTERM)
            worked.append(item)
    assert worked == ["1"]


def test_signals_change_nothing_at_the_end() -> None:
    """While the run says how it ended it is not interrupted again."""
    interruption = Interruption()
    with interruption.heard():
        interruption.end()
        os.kill(os.getpid(), signal.SIGINT)
    assert interruption.signum == 0


def test_a_thread_does_not_listen() -> None:
    """In another program's thread the block runs all the same."""
    done: list[bool] = []

    def run() -> None:
        with Interruption().heard():
            done.append(True)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert done == [True]


def test_errors_pass_through() -> None:
    """What the block raises comes out, and the handlers of before are back."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="inner"), Interruption().heard():
        raise ValueError("inner")
    assert signal.getsignal(signal.SIGINT) is before
