"""The processes below another, as Linux tells of them."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path


def below(parent: int) -> dict[int, str]:
    """Process id -> command line of every process below one."""
    found: dict[int, str] = {}
    for listed in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
            found |= below(child)
    return found


def left_after(seconds: float, processes: Iterable[int]) -> list[int]:
    """Those that have not ended by themselves when the time is over; they are ended then."""
    left, end = [*processes], time.monotonic() + seconds
    while left and time.monotonic() < end:
        time.sleep(0.1)
        left = [process for process in left if _runs(process)]
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


def _runs(process: int) -> bool:
    try:
        said = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return said.rpartition(")")[2].split()[0] != "Z"
