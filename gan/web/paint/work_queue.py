"""Heavy work, one piece at a time in a thread; the queue is bounded, and forgets what nobody waits for any more."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from gan.web.refused import Refused

Result = TypeVar("Result")
LONGEST = 120.0
"""Seconds that a piece of work may take."""


class Superseded(Exception):
    """A newer request of the same key has taken the place of this one, which was still waiting."""


@dataclass
class _Work:
    function: Callable[[], Any]
    seconds: float
    done: asyncio.Future[Any]


class WorkQueue:
    """Runs one piece of work at a time. For one event loop.

    Args:
        what: what is being waited for, in the sentence of a refusal.
        most_waiting: pieces of work that may wait besides the one that runs.
        seconds: that a piece may take. What takes longer is left to end by itself, and nobody waits for it any more.
    """

    def __init__(self, what: str, most_waiting: int, seconds: float = LONGEST) -> None:
        self.what, self.most_waiting, self.seconds = what, most_waiting, seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=what)
        self._waiting: dict[Hashable, _Work] = {}
        self._worker: asyncio.Task[None] | None = None

    async def run(self, key: Hashable, function: Callable[[], Result], pieces: int = 1) -> Result:
        """Call `function` when its turn comes, and return what it returns.

        Args:
            key: of work that replaces what waits under the same key, at the same place in the queue.
            function: is called in the thread.
            pieces: of work that it does, each of which may take its time.

        Raises:
            Superseded: newer work took the place.
            Refused: 503, the queue is full; 413, the work takes too long.
        """
        older = self._waiting.get(key)
        if older is None and len(self._waiting) >= self.most_waiting:
            raise Refused(
                503, f"too many people are waiting for {self.what} ({self.most_waiting}); try again in a moment"
            )
        work = _Work(function, self.seconds * pieces, asyncio.get_running_loop().create_future())
        self._waiting[key] = work  # in the older one's place, where there is one
        if older is not None and not older.done.done():
            older.done.set_exception(Superseded())
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work_off())
        try:
            result: Result = await work.done
        finally:
            if self._waiting.get(key) is work:  # who asked has gone
                del self._waiting[key]
        return result

    async def _work_off(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            work = self._waiting.pop(next(iter(self._waiting)))
            try:
                result = await asyncio.wait_for(loop.run_in_executor(self._thread, work.function), work.seconds)
            except TimeoutError:
                self._thread.shutdown(wait=False)  # a thread cannot be ended: the next work has one of its own
                self._thread = ThreadPoolExecutor(1, thread_name_prefix=self.what)
                if not work.done.done():
                    work.done.set_exception(
                        Refused(413, f"{self.what} took more than {work.seconds:g} seconds, and were given up")
                    )
            except Exception as error:  # it belongs to whoever asked
                if not work.done.done():
                    work.done.set_exception(error)
            else:
                if not work.done.done():
                    work.done.set_result(result)

    @property
    def waiting(self) -> int:
        """Pieces of work that wait."""
        return len(self._waiting)
