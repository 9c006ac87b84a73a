"""Whole studies through the real command: killed, resumed, failed, and on a real Ray cluster."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from gan.runs.folder import RunFolder
from gan.study.file import load_study
from gan.study.runs import read_result, runs_of, train_and_score
from tests.support.command import Gan, environment_of_its_own

pytestmark = pytest.mark.slow
WAIT = 600
"""Longest wait for something to happen, in seconds."""


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def begin(study: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The command in the background, in the folder of the study."""
    return subprocess.Popen(
        [sys.executable, "-m", "gan", "study", str(study), "--out", str(study.parent / "runs"), *words],
        cwd=study.parent,
        env=environment_of_its_own(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def workers(folder: Path) -> list[int]:
    """Processes of runs below a folder, by their open log files."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            output = os.readlink(process / "fd" / "2")
        except OSError:
            continue
        if output.startswith(str(folder / "tiny" / "logs")):
            found.append(int(process.name))
    return found


def steps(run: Path) -> list[int]:
    path = run / "metrics.jsonl"
    return [json.loads(line)["step"] for line in path.read_text().splitlines()] if path.exists() else []


def checkpointed(runs: Path) -> bool:
    return any(runs.glob("tiny/*/seed-*/checkpoints/last.pt"))


def scores(runs: Path) -> dict[str, float]:
    return {
        str(path.relative_to(runs / "tiny")): json.loads(path.read_text())["metrics"]["mae"]
        for path in sorted(runs.glob("tiny/*/seed-*/test.json"))
    }


@pytest.fixture
def longer_study(tiny_study: Path) -> Path:
    """Two runs that are long enough to be killed on the way."""
    text = tiny_study.read_text().replace("steps=6", "steps=60").replace("every=2,", "every=10,")
    tiny_study.write_text(
        text.replace("seeds=(1, 2)", "seeds=(1,)").replace(
            '(base, "data.alpha", 0.0, 1.0)', '(base, "data.alpha", 1.0)'
        )
    )
    return tiny_study


def test_a_whole_study_then_nothing_to_do(gan: Gan, tiny_study: Path, tmp_path: Path) -> None:
    planned = gan("study", tiny_study, "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "6 of 6 runs to do" in planned.stdout
    assert not (tmp_path / "runs").exists()
    first = gan("study", tiny_study, "--jobs", "2")
    assert first.returncode == 0, first.stderr
    assert "H1, it is sepia: " in first.stdout
    runs = tmp_path / "runs"
    before = {path: path.stat().st_mtime_ns for path in runs.glob("tiny/*/seed-*/**/*") if path.is_file()}
    assert len(scores(runs)) == 6
    again = gan("study", tiny_study)
    assert again.returncode == 0, again.stderr
    assert "6 of 6 runs are done, 0 to do" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "0 of 6 runs to do" in gan("study", tiny_study, "--dry-run").stdout
    other = gan("study", tiny_study, "--steps", "7")
    assert other.returncode == 2
    assert "holds another configuration: steps is 6 there and 7 here" in other.stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_study_that_is_killed_goes_on_where_it_was(longer_study: Path, number: signal.Signals) -> None:
    """The run in flight resumes from its checkpoint, and comes out as an undisturbed one does."""
    runs = longer_study.parent / "runs"
    driver = begin(longer_study)
    until(lambda: checkpointed(runs))
    driver.send_signal(number)
    _, said = driver.communicate(timeout=WAIT)
    assert driver.returncode == (-number if number == signal.SIGKILL else 128 + number), said
    until(lambda: workers(runs) == [])  # no process is left behind, however the driver ended
    (stopped,) = runs.glob("tiny/*/seed-1/checkpoints/last.pt")
    reached = torch.load(stopped, weights_only=True)["step"]  # a signal saves between two lines of metrics.jsonl, too
    assert 0 < reached < 60
    second = begin(longer_study)
    _, said = second.communicate(timeout=WAIT)
    assert second.returncode == 0, said
    assert f"steps {reached} to 60" in (runs / "tiny" / "logs" / "l1-seed-1.log").read_text()
    undisturbed = runs_of(load_study(longer_study), longer_study.parent / "undisturbed")[0]
    train_and_score(undisturbed)
    result = read_result(undisturbed)
    assert result is not None
    assert scores(runs)["l1/seed-1/test.json"] == pytest.approx(result.score.curve[0]["mae"], rel=1e-4)


def test_two_at_once_are_refused(longer_study: Path, gan: Gan) -> None:
    driver = begin(longer_study)
    until(lambda: workers(longer_study.parent / "runs") != [])
    refused = gan("study", longer_study)
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith("is in use by another `gan study`")
    driver.terminate()
    driver.communicate(timeout=WAIT)


def test_a_run_that_fails_is_named_and_the_others_are_done(gan: Gan, tiny_study: Path, tmp_path: Path) -> None:
    text = tiny_study.read_text()
    bad = 'cell(replace(base, name="bad", optimizer=Optimizer(lr=1e30))),'
    tiny_study.write_text(text.replace("cells=(", f"cells=({bad}").replace("Logging\n", "Logging, Optimizer\n"))
    result = gan("study", tiny_study, "--seeds", "1")
    assert result.returncode == 1
    assert "gan: bad/seed-1 failed: " in result.stderr
    assert "lower optimizer.lr" in result.stderr
    assert len(scores(tmp_path / "runs")) == 3
    assert json.loads((tmp_path / "runs" / "tiny" / "study.json").read_text())["missing"] == ["bad/seed-1"]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Address and token of a real Ray cluster of two workers, in processes of its own."""
    pytest.importorskip("ray")
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    program = (
        "import ray, sys; context = ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False);"
        "print(context.address_info['gcs_address'], flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment_of_its_own(RAY_USAGE_STATS_ENABLED="0", **token),
    )
    assert process.stdout is not None
    yield token | {"RAY_ADDRESS": process.stdout.readline().strip()}
    process.communicate(timeout=60)


def reached(run: Path) -> float:
    """The last step of a run that may be writing just now."""
    rows = RunFolder(run).rows()
    return rows[-1]["step"] if rows else 0


def training_on_ray(runs: Path) -> list[int]:
    """Ray workers that hold the lock of a run that has a checkpoint, and steps to go."""
    saved = [path.parents[1] for path in runs.glob("tiny/*/seed-*/checkpoints/last.pt")]
    locks = {str(runs / "tiny" / ".locks" / f"{run.parent.name}-{run.name}") for run in saved if reached(run) < 50}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(file) in locks for file in (process / "fd").iterdir()):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_on_ray_a_worker_that_dies_is_replaced_and_its_run_goes_on(longer_study: Path, cluster: dict[str, str]) -> None:
    runs = longer_study.parent / "runs"
    driver = begin(longer_study, "--launcher", "ray", **cluster)
    victims: list[int] = []

    def one_can_be_killed() -> bool:
        victims[:] = training_on_ray(runs)
        return bool(victims)

    until(lambda: driver.poll() is not None or one_can_be_killed())
    assert driver.poll() is None, driver.communicate()[1]
    os.kill(victims[0], signal.SIGKILL)
    _, said = driver.communicate(timeout=WAIT)
    assert driver.returncode == 0, said
    assert len(scores(runs)) == 2
    starts = [len(json.loads(path.read_text())["starts"]) for path in runs.glob("tiny/*/seed-1/environment.json")]
    assert sorted(starts) == [1, 2]  # one went on from its checkpoint, and did not begin afresh
    for run in runs.glob("tiny/*/seed-1"):
        assert steps(run) == sorted(set(steps(run)))


def test_ray_is_asked_for_no_more_than_it_has(longer_study: Path, cluster: dict[str, str]) -> None:
    driver = begin(longer_study, "--launcher", "ray", "--gpus-per-run", "4", **cluster)
    _, said = driver.communicate(timeout=WAIT)
    assert driver.returncode == 2
    assert "--gpus-per-run (4) must be at most 0, what a node of the cluster has" in said
