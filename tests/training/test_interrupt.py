"""Signals as a request to stop."""

import os
import signal
import threading

import pytest

from gan.training.interrupt import Interrupted, stop_requested


def before() -> list[object]:
    return [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_noted_and_the_second_is_as_ever(number: signal.Signals) -> None:
    handlers = before()
    with stop_requested() as stopped:
        assert stopped() is None
        assert before() != handlers
        os.kill(os.getpid(), number)
        assert stopped() == number
        assert before() == handlers
    assert before() == handlers


def test_a_block_is_left_at_once_wherever_the_signal_comes() -> None:
    done: list[str] = []

    def work() -> None:
        with stopped.at_once():
            done.append("begun")
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("ended")

    with stop_requested() as stopped:
        for _ in range(2):  # the second time it has come before
            with pytest.raises(Interrupted):
                work()
    assert done == ["begun"]
    with stop_requested() as stopped:
        with stopped.at_once():
            pass
        os.kill(os.getpid(), signal.SIGTERM)  # out of the block it waits
        assert stopped() == signal.SIGTERM


def test_a_thread_is_handed_none() -> None:
    """Where `signal.signal` would raise."""
    seen: list[object] = []

    def work() -> None:
        with stop_requested() as stopped, stopped.at_once():
            seen.extend([stopped(), before()])

    handlers = before()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [None, handlers]
