"""A run that is killed, wherever and however often, ends bit-equal to one that was not: tensors, numbers, pictures."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from gan.config import Adversarial, Data, Evaluation, Experiment, Hints, Logging
from gan.runs.folder import RunFolder
from tests.support.equal_runs import assert_equal
from tests.support.nursery import ENDS, Nursery, nursery


@pytest.fixture(scope="module")
def trainings() -> Iterator[Nursery]:
    with nursery() as started:
        yield started


@pytest.fixture
def sampler(tiny: Experiment) -> Experiment:
    """Noise, hints, an average, dropout and a game; a checkpoint after every step."""
    return replace(
        tiny,
        steps=8,
        generator=replace(tiny.generator, noise=3, keys=4, dropout=0.5),
        hints=Hints(kind="regions", counts=(0, 2)),
        adversarial=Adversarial(game="lsgan"),
        ema=0.9,
        evaluation=Evaluation(every=4, pictures=4, grid=2),
        logging=Logging(every=3, checkpoint_minutes=1e-6, wandb="disabled"),
    )


@pytest.mark.slow
def test_kills_at_the_worst_moments(sampler: Experiment, trainings: Nursery, tmp_path: Path) -> None:
    """In a step, an evaluation, a picture, a line, a checkpoint, and before and after a file takes its place."""
    assert trainings.train(sampler, tmp_path / "whole") == 0
    ends = [("begin", 1), ("step", 1), ("saved", 0), ("evaluation", 0), ("checkpoint", 1), ("grid", 1), ("line", 0)]
    assert {end for end, _ in ends} | {"renamed"} == ENDS.keys()
    for end, passed in [*ends, ("renamed", 4)]:
        assert trainings.train(sampler, tmp_path / "killed", end, passed) == -signal.SIGKILL, end
    assert trainings.train(sampler, tmp_path / "killed") == 0
    found, expected = (RunFolder(tmp_path / name / "tiny" / "seed-0") for name in ("killed", "whole"))
    assert_equal(found, expected)


KILLS = 50
"""Over all arms."""


@pytest.mark.slow
def test_fifty_kills_at_any_instant(
    sampler: Experiment, picture_folder: Path, trainings: Nursery, tmp_path: Path
) -> None:
    pictures = Data(source="folder", root=str(picture_folder), line="canny", size=32, val_fraction=0.2)
    plain = replace(sampler, steps=40, generator=replace(sampler.generator, noise=0, keys=0), hints=Hints())
    game = Adversarial(game="vanilla")
    arms = [
        replace(sampler, name="sampler", steps=40),
        replace(plain, name="workers", data=replace(pictures, workers=2), hints=Hints(kind="strokes", counts=(2,))),
        replace(plain, name="cache", data=replace(pictures, workers=0, cache_gb=1.0), adversarial=game),
        replace(plain, name="bf16", precision="bf16"),
        replace(sampler, name="lines", steps=40, generator=plain.generator, hints=Hints(kind="regions", flood="lines")),
    ]
    rng = random.Random(7)
    began = sum(_killed(arm, trainings, tmp_path, KILLS // len(arms), rng) for arm in arms)
    assert began > KILLS // 4


def _killed(arm: Experiment, trainings: Nursery, folder: Path, kills: int, rng: random.Random) -> int:
    """Kill trainings of an arm so many times, and compare each that comes to its end with one that was not killed.

    Returns how many of them had begun to train, and were not still looking at pictures.
    """
    started = time.monotonic()
    assert trainings.train(arm, folder / "whole") == 0
    seconds = time.monotonic() - started
    expected, attempt, began = RunFolder(folder / "whole" / arm.name / "seed-0"), 0, 0
    while kills:
        run = RunFolder(folder / f"killed-{attempt}" / arm.name / "seed-0")
        before = _starts(run)
        if _kill(trainings, arm, folder / f"killed-{attempt}", rng.uniform(0, 0.6 * seconds)):
            kills, began = kills - 1, began + (_starts(run) > before)
        else:  # it was sooner: another folder
            assert_equal(run, expected)
            attempt += 1
    assert trainings.train(arm, folder / f"killed-{attempt}") == 0
    assert_equal(RunFolder(folder / f"killed-{attempt}" / arm.name / "seed-0"), expected)
    return began


def _starts(run: RunFolder) -> int:
    path = run.path / "environment.json"
    return len(json.loads(path.read_text())["starts"]) if path.exists() else 0


def _kill(trainings: Nursery, arm: Experiment, out: Path, seconds: float) -> bool:
    """Train, and kill after so many seconds; whether that was soon enough."""
    process = trainings.start(arm, out)
    time.sleep(seconds)
    children = _children(process)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    status = trainings.ended()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    assert status in (0, -signal.SIGKILL)
    return status != 0


def _children(process: int) -> list[int]:
    """Every process below one, which is not waited for when that is killed."""
    try:
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [pid for child in map(int, below) for pid in (child, *_children(child))]
