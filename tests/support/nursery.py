"""`python -m tests.support.nursery`: processes that train, each forked from one that has imported everything.

A line of JSON on stdin is a training: `experiment`, `out`, and where it is to be killed. Its process id and then how it
ended (the exit status, or the number of the signal that killed it below 0) are lines on stdout.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lpips  # noqa: F401 -- with the next three what training imports late
import matplotlib.backends.backend_agg
import matplotlib.figure  # noqa: F401
import torch
import torch._dynamo

from gan import files
from gan.config import Experiment, from_dict, to_dict
from gan.runs.folder import RunFolder
from gan.training import checkpoint, loop, trainer
from gan.training.validation import Validation
from tests.support.command import environment_of_its_own


def die() -> None:
    """As a kill from outside: nothing is flushed, closed or answered."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function after which the process dies."""

    def fatal(*words: Any, **options: Any) -> None:
        call(*words, **options)
        die()

    return fatal


def half_saved(stored: dict[str, Any], file: Any) -> None:
    """`torch.save`, killed in the middle of the file."""
    SAVE(stored, file)
    file.flush()
    os.ftruncate(file.fileno(), file.tell() // 2)
    die()


def half_a_line(run: RunFolder, step: int, values: dict[str, float]) -> None:
    """`RunFolder.append`, killed in the middle of the line."""
    with run.metrics.open("a") as file:
        file.write(json.dumps({"step": step, **values})[:40])
    die()


SAVE = torch.save
ENDS: dict[str, tuple[Any, str, Any]] = {
    "begin": (RunFolder, "save_json", after(RunFolder.save_json)),
    "step": (trainer, "train_step", after(trainer.train_step)),
    "evaluation": (Validation, "measure", after(Validation.measure)),
    "grid": (RunFolder, "save_picture", after(RunFolder.save_picture)),
    "line": (RunFolder, "append", half_a_line),
    "checkpoint": (torch, "save", half_saved),
    "renamed": (files, "_sync_names", after(files._sync_names)),
    "saved": (checkpoint, "save", after(checkpoint.save)),
}
"""Where a process is killed -> what is replaced there."""


def train(experiment: Experiment, out: Path, end: str | None, passed: int) -> None:
    """Train or go on, and be killed when it comes to `end` after having passed it so many times."""
    if end is not None:
        place, name, fatal = ENDS[end]
        real, calls = getattr(place, name), 0

        def counted(*words: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            return (fatal if calls > passed else real)(*words, **options)

        setattr(place, name, counted)
    loop.train(experiment, out, resume=True)


class Nursery:
    """Starts trainings; used as `with nursery() as trainings`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def start(self, experiment: Experiment, out: Path, end: str | None = None, passed: int = 0) -> int:
        """Begin a training in a process of its own, and return its id; `ended` must be called before the next."""
        job = {"experiment": to_dict(experiment), "out": str(out), "end": end, "passed": passed}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return self._number()

    def ended(self) -> int:
        """How it ended; waits for it."""
        return self._number()

    def train(self, experiment: Experiment, out: Path, end: str | None = None, passed: int = 0) -> int:
        """Train, and return how it ended."""
        self.start(experiment, out, end, passed)
        return self.ended()

    def _number(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Start the process from which the others are forked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.nursery"],
        cwd=Path(__file__).parents[2],
        env=environment_of_its_own(OMP_NUM_THREADS="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        process.communicate()


def main() -> None:
    """Serve until stdin ends."""
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                train(from_dict(job["experiment"], "job"), Path(job["out"]), job["end"], job["passed"])
                status = 0
            finally:
                os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
