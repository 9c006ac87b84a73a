"""One piece of work at a time, and a queue that ends."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from gan.web.paint.work_queue import Superseded, WorkQueue
from gan.web.refused import Refused

Result = TypeVar("Result")


def in_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: the browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def started(queue: WorkQueue, gate: threading.Event) -> "asyncio.Task[str]":
    """Work that is under way until the gate opens."""
    under_way = threading.Event()

    def work() -> str:
        under_way.set()
        gate.wait(10)
        return "first"

    task = asyncio.create_task(queue.run("first", work))
    await asyncio.to_thread(under_way.wait, 10)
    return task


def test_one_at_a_time_in_order() -> None:
    running: list[int] = []
    most: list[int] = []
    order: list[int] = []

    def work(number: int) -> int:
        running.append(number)
        most.append(len(running))
        time.sleep(0.005)
        running.remove(number)
        order.append(number)
        return number * number

    async def everything() -> list[int]:
        queue = WorkQueue("colours", 20)
        return await asyncio.gather(*(queue.run(number, lambda number=number: work(number)) for number in range(10)))

    assert in_a_loop(everything()) == [number * number for number in range(10)]
    assert max(most) == 1
    assert order == list(range(10))


def test_a_newer_request_takes_the_place_of_one_that_waits() -> None:
    async def everything() -> None:
        queue, gate, done = WorkQueue("colours", 3), threading.Event(), []
        first = await started(queue, gate)
        older = asyncio.create_task(queue.run("mine", lambda: done.append("older")))
        other = asyncio.create_task(queue.run("theirs", lambda: done.append("other")))
        await asyncio.sleep(0)
        newer = asyncio.create_task(queue.run("mine", lambda: done.append("newer")))
        with pytest.raises(Superseded):
            await older  # at once, and not when its turn comes
        assert queue.waiting == 2
        gate.set()
        assert await first == "first"
        await asyncio.gather(newer, other)
        assert done == ["newer", "other"]  # the newer one kept the place in the queue

    in_a_loop(everything())


def test_beyond_the_queue_is_a_503() -> None:
    async def everything() -> None:
        queue, gate = WorkQueue("colours", 2), threading.Event()
        first = await started(queue, gate)
        waiting = [asyncio.create_task(queue.run(number, lambda: None)) for number in range(2)]
        await asyncio.sleep(0)
        newer = asyncio.create_task(queue.run(1, lambda: "newer"))  # no more wait than before
        with pytest.raises(Refused, match=r"too many people are waiting for colours \(2\)") as refused:
            await queue.run("one more", lambda: None)
        assert refused.value.status == 503
        gate.set()
        assert await newer == "newer"
        await asyncio.gather(first, waiting[0])
        with pytest.raises(Superseded):
            await waiting[1]
        await queue.run("one more", lambda: None)

    in_a_loop(everything())


def test_who_has_gone_is_not_worked_for() -> None:
    async def everything() -> None:
        queue, gate, done = WorkQueue("colours", 2), threading.Event(), []
        first = await started(queue, gate)
        gone = asyncio.create_task(queue.run("gone", lambda: done.append("gone")))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert queue.waiting == 0
        gate.set()
        await first
        assert done == []

    in_a_loop(everything())


def test_an_error_belongs_to_whoever_asked() -> None:
    async def everything() -> None:
        queue = WorkQueue("colours", 2)
        with pytest.raises(ZeroDivisionError):
            await queue.run("a", lambda: 1 // 0)
        assert await queue.run("b", lambda: 2) == 2

    in_a_loop(everything())


def test_work_that_does_not_end_holds_up_nobody() -> None:
    """It is given up after its time, in a sentence; what comes next has a thread of its own."""

    async def everything() -> None:
        queue, gate = WorkQueue("colours", 3, seconds=0.2), threading.Event()
        try:
            stuck = await started(queue, gate)
            after = asyncio.create_task(queue.run("after", lambda: "after"))
            with pytest.raises(Refused, match=r"colours took more than 0\.2 seconds, and were given up") as refused:
                await stuck
            assert refused.value.status == 413
            assert await after == "after"
            assert await queue.run("long", lambda: time.sleep(0.3) or "of two pieces", 2) == "of two pieces"
        finally:
            gate.set()

    in_a_loop(everything())
