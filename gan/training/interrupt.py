"""SIGINT and SIGTERM as a request to stop after the step, and not in the middle of one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(BaseException):
    """A signal came while there was nothing that must be finished."""


class Stop:
    """Whether to stop: called, it gives the signal received so far, or None."""

    def __init__(self) -> None:
        self.received: int | None = None
        self._at_once = False

    def __call__(self) -> int | None:
        return self.received

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """A block that takes long and may be left anywhere.

        Raises:
            Interrupted: at the moment when a signal comes, or where one has come.
        """
        self._at_once = True
        try:
            self.leave()
            yield
        finally:
            self._at_once = False

    def leave(self) -> None:
        """Leave such a block if a signal has come."""
        if self._at_once and self.received is not None:
            raise Interrupted


@contextmanager
def stop_requested() -> Iterator[Stop]:
    """What the signals within the block say.

    A second signal acts as it would have without this. In any thread but the main one, to which alone Python hands
    signals, there is none to receive.
    """
    stop = Stop()
    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.getsignal(number) for number in numbers}

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 -- the signature of a handler
        stop.received = number
        for known, handler in before.items():
            signal.signal(known, handler)
        stop.leave()

    for number in before:
        signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
