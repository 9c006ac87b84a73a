"""Signals as a request to stop, noted by a function and heeded by a real run."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan.runs.folder import RunFolder
from gan.runs.weights import read
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


ENDLESS = ["--steps", "100000", "--evaluation.every", "50000", "--logging.every", "1", "--batch-size", "4"]
ENDLESS += ["--data.size", "32", "--generator.width", "8"]


@pytest.fixture
def running(
    request: pytest.FixtureRequest, tmp_path: Path, experiments: Path, picture_folder: Path
) -> Iterator[subprocess.Popen[str]]:
    """A real run in a process group of its own, some steps in: on avatars, or on files with two workers."""
    avatars = ["train", experiments / "l1.py", "--data.characters", "350"]
    files = ["train", experiments / "animeface.py", "--data.root", picture_folder, "--data.val-fraction", "0.2"]
    words = {"avatars": avatars, "files": [*files, "--data.test-fraction", "0.2", "--data.workers", "2"]}
    process = subprocess.Popen(
        [sys.executable, "-m", "gan", *map(str, words[request.param]), *ENDLESS, "--name", "endless"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    metrics = tmp_path / "runs" / "endless" / "seed-0" / "metrics.jsonl"
    for _ in range(2400):
        if process.poll() is not None or (metrics.exists() and len(metrics.read_text().splitlines()) > 3):
            break
        time.sleep(0.1)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("running", "number", "status"),
    [
        ("avatars", signal.SIGINT, 130),
        pytest.param("files", signal.SIGTERM, 143, marks=pytest.mark.slow),
    ],
    indirect=["running"],
)
def test_signals_to_the_group_finish_the_step_save_and_exit(
    running: subprocess.Popen[str], tmp_path: Path, number: signal.Signals, status: int
) -> None:
    """As Ctrl-C and job schedulers send them: to every process of the group."""
    os.killpg(running.pid, number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == status, err
    assert "go on with --resume" in err
    assert "Traceback" not in err
    run = RunFolder(tmp_path / "runs" / "endless" / "seed-0")
    assert out.strip() == "runs/endless/seed-0"
    step = read(run.last)["step"]
    assert step == run.rows()[-1]["step"] >= 3
