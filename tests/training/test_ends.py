"""How a real run ends that has workers and an offline W&B run: killed, and asked to stop."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan.runs.folder import RunFolder
from gan.runs.weights import read
from tests.support.command import environment_of_its_own
from tests.support.processes import below, left_after

WORDS = ["--data.workers", "2", "--data.val-fraction", "0.2", "--data.test-fraction", "0.2", "--data.size", "32"]
WORDS += ["--generator.width", "8", "--batch-size", "4", "--epochs", "100000", "--evaluation.every", "1000000"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def running(tmp_path: Path, experiments: Path, picture_folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A run, some steps in."""
    words = ["train", experiments / "animeface.py", "--data.root", picture_folder, "--logging.every", "1", *WORDS]
    environment = environment_of_its_own(PYTHONPATH=str(Path(__file__).parents[2]), WANDB_MODE="offline")
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan", *map(str, words)], cwd=tmp_path, env=environment, stdout=said, stderr=said
        )
    run = RunFolder(tmp_path / "runs/animeface/seed-0")
    for _ in range(2400):
        if process.poll() is not None or len(run.rows()) > 2:
            break
        time.sleep(0.1)
    yield process
    process.kill()
    process.wait()


@pytest.mark.slow
def test_a_killed_run_leaves_no_process(running: subprocess.Popen[str]) -> None:
    started = below(running.pid)
    assert len([command for command in started.values() if "forkserver" in command]) == 3, (
        started
    )  # it, and two workers
    assert [command for command in started.values() if "wandb-core" in command]
    running.kill()
    running.wait()
    assert left_after(20, started) == []


@pytest.mark.slow
def test_a_run_stops_long_before_docker_kills_it(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """`docker stop` waits for ten seconds."""
    started = below(running.pid)
    began = time.monotonic()
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 143, (tmp_path / "said").read_text()
    assert time.monotonic() - began < 8
    assert "go on with --resume" in (tmp_path / "said").read_text()
    run = RunFolder(tmp_path / "runs/animeface/seed-0")
    assert read(run.last)["step"] >= run.rows()[-1]["step"] >= 3
    assert left_after(20, started) == []
