"""The local launcher on processes that only pretend to work."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gan.config import Experiment
from gan.study import launchers
from gan.study.runs import StudyRun


class Pretender:
    """A process that takes a while, and ends at once when it is told to."""

    def __init__(self, seconds: float) -> None:
        self.told = threading.Event()
        self.seconds = seconds
        self.returncode = 0

    def wait(self) -> None:
        if self.told.wait(self.seconds):
            self.returncode = 128 + signal.SIGTERM

    def terminate(self) -> None:
        self.told.set()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, Pretender]:
    """The processes that were started, by run; each is slow to start and would take ten seconds."""
    found: dict[str, Pretender] = {}

    @contextmanager
    def process(run: StudyRun, threads: int) -> Iterator[Pretender]:
        time.sleep(0.1)
        found[run.label] = Pretender(10 if run.experiment.seed else 0.05)
        yield found[run.label]

    monkeypatch.setattr(launchers, "_process", process)
    return found


def runs_below(folder: Path, count: int) -> list[StudyRun]:
    return [StudyRun("s", folder, replace(Experiment(name="l1"), seed=seed)) for seed in range(count)]


def test_results_that_cannot_be_written_end_it_at_once(started: dict[str, Pretender], tmp_path: Path) -> None:
    """And not after hours, when the last run has ended."""

    def on_end(run: StudyRun, reason: str | None) -> None:
        raise OSError("disk full")

    clock = time.monotonic()
    with pytest.raises(OSError, match="disk full"):
        launchers.local(runs_below(tmp_path, 8), 2, lambda run: None, on_end)
    assert time.monotonic() - clock < 8
    assert len(started) <= 3


def test_a_signal_reaches_a_run_that_is_just_being_started(started: dict[str, Pretender], tmp_path: Path) -> None:
    ended: dict[str, str | None] = {}

    def on_start(run: StudyRun) -> None:
        if run.experiment.seed == 1:  # its process is there a moment later
            os.kill(os.getpid(), signal.SIGTERM)

    clock = time.monotonic()
    stopped = launchers.local(
        runs_below(tmp_path, 4), 1, on_start, lambda run, reason: ended.update({run.label: reason})
    )
    assert stopped == signal.SIGTERM
    assert time.monotonic() - clock < 8
    assert ended == {"l1/seed-0": None}
    assert [*started] == ["l1/seed-0", "l1/seed-1"]


def test_why_a_run_failed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("step 5: fine\ngan: the disk is full\n\n")
    assert launchers._failure(0, log) is None
    assert launchers._failure(2, log) == f"the disk is full; see {log}"
    assert launchers._failure(-9, log) == f"ended by signal 9; see {log}"
    assert launchers._failure(128 + 15, log) == f"ended by signal 15; see {log}"
