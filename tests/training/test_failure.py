"""Runs that end before their time: in a line, with all that they did, so that they go on as if nothing had been."""

import errno
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Adversarial, Evaluation, Experiment, Logging, to_dict
from gan.data.loader import training_batches
from gan.errors import RequestError
from gan.runs.folder import RunFolder
from gan.runs.weights import read
from gan.training import checkpoint, loop, trainer
from gan.training.failure import TrainingFailed, told
from gan.training.state import TrainState
from gan.training.validation import Validation
from tests.support.command import environment_of_its_own
from tests.support.equal_runs import assert_equal

Patch = Callable[..., Any]


@pytest.fixture
def game(tiny: Experiment) -> Experiment:
    """Evaluated at steps 4 and 8; lines at 3 and 6 besides."""
    return replace(
        tiny,
        steps=8,
        adversarial=Adversarial(game="lsgan"),
        ema=0.9,
        evaluation=Evaluation(every=4, pictures=4, grid=2, best="mae"),
        logging=Logging(every=3, wandb="disabled"),
    )


@pytest.fixture(scope="module")
def whole_runs() -> dict[str, RunFolder]:
    """Uninterrupted runs, each trained once."""
    return {}


@pytest.fixture
def whole(game: Experiment, whole_runs: dict[str, RunFolder], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    if "run" not in whole_runs:
        whole_runs["run"] = loop.train(game, tmp_path_factory.mktemp("whole"), resume=False).run
    return whole_runs["run"]


def at_call(number: int, real: Patch, act: Callable[[], object], *, first: bool = True) -> Patch:
    """A function that acts in its so-manieth call, before or after what it does."""
    calls = 0

    def counted(*words: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if first and calls == number:
            act()
        made = real(*words, **options)
        if not first and calls == number:
            act()
        return made

    return counted


def noting(steps: list[int]) -> Patch:
    """`checkpoint.save`, which notes the step of each last.pt."""
    real = checkpoint.save

    def save(path: Path, state: TrainState, *rest: Any, **options: Any) -> None:
        real(path, state, *rest, **options)
        if path.name == "last.pt":
            steps.append(state.step)

    return save


def stopped_after(game: Experiment, out: Path, step: int) -> loop.Outcome:
    """A run that is told to stop in a step."""
    with pytest.MonkeyPatch.context() as patch:
        stop = lambda: os.kill(os.getpid(), signal.SIGTERM)  # noqa: E731
        patch.setattr(trainer, "train_step", at_call(step, trainer.train_step, stop))
        return loop.train(game, out, resume=False)


def fail(error: BaseException) -> Callable[[], None]:
    """What raises it."""

    def act() -> None:
        raise error

    return act


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", [2, 5])
def test_a_signal_changes_no_line(game: Experiment, whole: RunFolder, tmp_path: Path, step: int) -> None:
    """Whether the losses of some steps were written down, or are pending."""
    outcome = stopped_after(game, tmp_path, step)
    assert (outcome.step, outcome.signal) == (step, signal.SIGTERM)
    assert [row["step"] for row in outcome.run.rows()] == [each for each in (3, 4) if each <= step]
    assert_equal(loop.train(game, tmp_path, resume=True).run, whole)


@pytest.mark.parametrize("call", [1, 2])
def test_a_signal_within_an_evaluation_does_not_wait_for_it(
    game: Experiment, whole: RunFolder, tmp_path: Path, call: int
) -> None:
    """It is made when the run goes on: at step 4, and at the last."""
    with pytest.MonkeyPatch.context() as patch:
        stop = lambda: os.kill(os.getpid(), signal.SIGTERM)  # noqa: E731
        patch.setattr(Validation, "measure", at_call(call, Validation.measure, stop))
        outcome = loop.train(game, tmp_path, resume=False)
    assert (outcome.step, outcome.signal) == (4 * call, signal.SIGTERM)
    assert [row["step"] for row in outcome.run.rows()] == [3, 4, 6][: 2 * call - 1]
    assert_equal(loop.train(game, tmp_path, resume=True).run, whole)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "name", "call", "error", "raised"),
    [
        (Validation, "measure", 1, RequestError("gone.png could be read when data.root was scanned"), RequestError),
        (Validation, "draw", 1, KeyboardInterrupt(), KeyboardInterrupt),
        (RunFolder, "append", 4, FULL, TrainingFailed),
        (RunFolder, "sync", 1, FULL, TrainingFailed),
    ],
)
def test_an_error_costs_no_step(
    game: Experiment,
    whole: RunFolder,
    tmp_path: Path,
    place: type,
    name: str,
    call: int,
    error: BaseException,
    raised: type[BaseException],
) -> None:
    """A checkpoint of the step at which it came, from which the run goes on to the same end."""
    steps: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, at_call(call, getattr(place, name), fail(error)))
        patch.setattr(checkpoint, "save", noting(steps))
        with pytest.raises(raised):
            loop.train(game, tmp_path, resume=False)
    run = RunFolder(tmp_path / "tiny" / "seed-0")
    assert read(run.last)["step"] == steps[-1] >= 4
    assert_equal(loop.train(game, tmp_path, resume=True).run, whole)


def test_a_picture_that_goes_away_costs_no_step(game: Experiment, whole: RunFolder, tmp_path: Path) -> None:
    """The batches end with an error before the seventh step."""

    def batches(*words: Any, **options: Any) -> Any:
        for number, batch in enumerate(training_batches(*words, **options)):
            if number == 6:
                raise RequestError("gone.png could be read when data.root was scanned")
            yield batch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "training_batches", batches)
        with pytest.raises(RequestError, match=r"gone\.png"):
            loop.train(game, tmp_path, resume=False)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 6
    assert_equal(loop.train(game, tmp_path, resume=True).run, whole)


def test_half_a_step_is_never_saved(game: Experiment, whole: RunFolder, tmp_path: Path) -> None:
    """The discriminator has learnt from the step, and the generator has not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            trainer, "train_step", at_call(6, trainer.train_step, fail(RuntimeError("out of memory")), first=False)
        )
        with pytest.raises(RuntimeError, match="out of memory"):
            loop.train(game, tmp_path, resume=False)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 4
    assert_equal(loop.train(game, tmp_path, resume=True).run, whole)


@pytest.mark.parametrize("part", ["generator", "discriminator"])
def test_broken_weights_are_never_saved(game: Experiment, tmp_path: Path, part: str) -> None:
    """Also not because an error ends the run."""
    broken: list[TrainState] = []
    real = loop.create_state

    def create(*words: Any) -> TrainState:
        broken.append(real(*words))
        return broken[0]

    def ruin() -> None:
        next(getattr(broken[0], part).parameters()).data.fill_(float("nan"))
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "create_state", create)
        patch.setattr(RunFolder, "append", at_call(3, RunFolder.append, ruin))
        with pytest.raises(KeyboardInterrupt):
            loop.train(game, tmp_path, resume=False)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 4


@pytest.mark.parametrize(("minutes", "expected"), [(0.0, [4, 8]), (1.0, [2, 4, 6, 8])])
def test_a_checkpoint_every_few_minutes_changes_no_result(
    game: Experiment, whole: RunFolder, tmp_path: Path, minutes: float, expected: list[int]
) -> None:
    """A step takes half a minute; 0 is none between evaluations, and a resumed run may have another."""
    now, steps, real = 0.0, list[int](), trainer.train_step

    def ticking(*words: Any) -> dict[str, torch.Tensor]:
        nonlocal now
        now += 30.0
        return real(*words)

    logging = replace(game.logging, checkpoint_minutes=minutes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: now)
        patch.setattr(trainer, "train_step", ticking)
        patch.setattr(checkpoint, "save", noting(steps))
        run = loop.train(replace(game, logging=logging), tmp_path, resume=False).run
    assert steps == expected
    assert loop.train(game, tmp_path, resume=True).step == 8
    assert_equal(run, whole, but=("/experiment/logging/checkpoint_minutes",))


@pytest.mark.slow
def test_a_full_disk_is_a_line_that_says_how_to_go_on(game: Experiment, whole: RunFolder, tmp_path: Path) -> None:
    """A limit on the size of files, under which a checkpoint does not fit; the real command."""
    run = stopped_after(game, tmp_path / "runs", 4).run
    before = run.last.read_bytes()
    (tmp_path / "full.py").write_text(
        f"from gan.config import from_dict\nexperiment = from_dict({to_dict(game)!r}, 'full.py')\n"
    )
    limited = f'ulimit -f {len(before) // 2048}; exec "$0" "$@"'  # in units of 1,024 bytes
    result = subprocess.run(
        ["bash", "-c", limited, sys.executable, "-m", "gan", "train", "full.py", "--resume"],
        cwd=tmp_path,
        env=environment_of_its_own(PYTHONPATH=str(Path(__file__).parents[2])),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "gan: there is no room left for runs/tiny/seed-0 (File too large): the last good checkpoint is "
        "runs/tiny/seed-0/checkpoints/last.pt, of step 4; make room and go on with --resume"
    )
    assert run.last.read_bytes() == before
    assert not list(run.path.rglob("*.draft.*"))
    assert_equal(loop.train(game, tmp_path / "runs", resume=True).run, whole)


def test_where_there_is_no_checkpoint_yet(tmp_path: Path) -> None:
    with (
        pytest.raises(TrainingFailed, match=r"cannot go on \(Input/output error\): there is no checkpoint yet; go on"),
        told(RunFolder(tmp_path)),
    ):
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.slow
def test_the_folder_keeps_what_a_run_said(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gan")  # as the command has it
    run = loop.train(tiny, tmp_path, resume=False).run
    lines = run.log.read_text().splitlines()
    assert lines[0].endswith(f"INFO {run.path}: steps 0 to 6 on cpu, 245 training pictures")
    assert lines[-1].endswith("INFO done")
    longer = replace(tiny, steps=9)

    def fail(*_: object, **__: object) -> None:
        raise TrainingFailed("G/reconstruction is nan at step 7")

    monkeypatch.setattr(trainer, "train_step", fail)
    with pytest.raises(TrainingFailed):
        loop.train(longer, tmp_path, resume=True)
    assert run.log.read_text().splitlines()[: len(lines)] == lines  # what was said before stays
    assert run.log.read_text().splitlines()[-1].endswith("ERROR G/reconstruction is nan at step 7")
    monkeypatch.setattr(trainer, "train_step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        loop.train(longer, tmp_path, resume=True)
    assert run.log.read_text().splitlines()[-1] == "ZeroDivisionError: division by zero"
    handlers = logging.getLogger("gan").handlers
    assert not [each for each in handlers if isinstance(each, logging.FileHandler)]
    run.log.unlink()
    run.log.mkdir()
    monkeypatch.undo()
    assert loop.train(longer, tmp_path, resume=True).step == 9  # a log that cannot be written is no error
