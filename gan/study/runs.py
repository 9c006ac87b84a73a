"""The runs of a study: which there are, which are done, and how one is done.

A run is done when its folder holds test.json, its score on the test pictures with the raw weights of the last step: a
"best" checkpoint never enters a study, for the best by error is the most sepia.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from gan.config import Experiment, differences, from_dict, to_dict
from gan.errors import RequestError
from gan.files import locked
from gan.runs.folder import RunFolder
from gan.study.definition import Study
from gan.study.rules import Score

TEST = "test"
"""Name of the JSON file of a run's score."""
State = Literal["done", "begun", "missing"]


@dataclass(frozen=True)
class Job:
    """A run of a study: an experiment with its seed, below the folder of the study."""

    study: str
    folder: Path
    experiment: Experiment

    @property
    def run(self) -> RunFolder:
        """Its folder."""
        return RunFolder(self.folder / self.experiment.name / f"seed-{self.experiment.seed}")

    @property
    def label(self) -> str:
        """How a person knows it: cell/seed-n."""
        return f"{self.experiment.name}/seed-{self.experiment.seed}"

    @property
    def state(self) -> State:
        """Whether it has to be run."""
        if (self.run.path / f"{TEST}.json").exists():
            return "done"
        return "begun" if self.run.has_config else "missing"

    def to_json(self) -> dict[str, Any]:
        """Plain values, for another process."""
        return {"study": self.study, "folder": str(self.folder), "experiment": to_dict(self.experiment)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Job":
        """What `to_json` gave."""
        return cls(values["study"], Path(values["folder"]), from_dict(values["experiment"], "job"))


def jobs_of(study: Study, out: Path) -> list[Job]:
    """The runs of a study, cell by cell and seed by seed.

    Raises:
        RequestError: one is there in another configuration, or `out` cannot be written to.
    """
    folder = out.absolute() / study.name
    jobs = [
        Job(study.name, folder, replace(each.experiment, seed=seed)) for each in study.cells for seed in study.seeds
    ]
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise RequestError(f"--out: {folder} must be writable, and {there} is not a folder that can be written to")
    for job in jobs:
        _check_same(job)
    return jobs


def _check_same(job: Job) -> None:
    """A study compares runs at equal steps, so that unlike a resumed run not even those may differ."""
    if not job.run.has_config:
        return
    changed = differences(_shaping(job.run.config), _shaping(job.experiment))
    if changed:
        name, (old, new) = next(iter(changed.items()))
        raise RequestError(
            f"{job.run.path} holds another configuration: {name} is {old!r} there and {new!r} here; "
            f"choose another --out, or take that folder away"
        )


def _shaping(experiment: Experiment) -> Experiment:
    """The experiment without what changes no result."""
    default = Experiment()
    data = replace(experiment.data, workers=default.data.workers)
    return replace(experiment, device="auto", data=data, logging=default.logging)


def perform(job: Job, console: Console) -> None:
    """Train a run, or go on with it, and score it; does nothing where it is done.

    Raises:
        RequestError: as `gan.training.loop.train` and `gan.evaluation.run.of_run`.
        TrainingFailed: a loss is not finite.
        Stopped: a signal ended it.
    """
    from gan.evaluation import run as of_runs  # here, for they bring PyTorch, which a dry run does not need
    from gan.training import loop

    with locked(job.folder / ".locks" / job.label.replace("/", "-")):
        if job.state == "done":
            return
        started, earlier = time.monotonic(), seconds_of(job.run)
        outcome = loop.train(job.experiment, job.folder, resume=True, console=console, group=job.study)
        if outcome.signal is not None:
            raise Stopped(outcome.signal)
        warn = printer(console)
        evaluation = of_runs.of_run(job.run.path, "test", "last", device=job.experiment.device, warn=warn)
        if len(evaluation.curve) > 1:
            of_runs.keep_curve(evaluation, warn)
        histograms = {str(count): axes for count, axes in evaluation.histograms.items()}
        seconds = {"seconds": round(earlier + time.monotonic() - started, 1)}
        job.run.save_json(TEST, evaluation.to_json() | seconds | {"histograms": histograms})


def seconds_of(run: RunFolder) -> float:
    """Seconds that a run has trained so far, by the lines that it wrote: pauses between its stretches are left out."""
    rows = run.rows()
    rates = [
        (after["step"] - before["step"], after.get("train/steps_per_second", 0.0)) for before, after in pairwise(rows)
    ]
    return sum(steps / rate for steps, rate in rates if rate)


class Stopped(Exception):
    """A signal ended a run, which can go on from there."""

    def __init__(self, signal: int) -> None:
        super().__init__(f"stopped by signal {signal}")
        self.signal = signal


def printer(console: Console) -> Callable[[str], None]:
    """Lines as they are, on a console."""
    return lambda line: console.print(line, highlight=False, markup=False, soft_wrap=True)


@dataclass(frozen=True)
class Done:
    """A run that is done: its score, its histograms, and how long it took.

    histograms: number of hints -> axis -> `fake` and `true` counts. seconds: of all its stretches. steps: of training.
    """

    score: Score
    histograms: dict[int, dict[str, dict[str, list[int]]]]
    seconds: float
    steps: int


def read(job: Job) -> Done | None:
    """What a run has scored, or None where it is not done.

    Raises:
        RequestError: test.json is damaged.
    """
    path = job.run.path / f"{TEST}.json"
    if not path.exists():
        return None
    try:
        values = json.loads(path.read_text("utf-8"))
        rows = {int(count): row for count, row in values["hints"].items()}
        return Done(
            score=Score(
                {count: row["metrics"] for count, row in rows.items()},
                {count: row["closed_forms"] for count, row in rows.items()},
            ),
            histograms={int(count): axes for count, axes in values["histograms"].items()},
            seconds=float(values["seconds"]),
            steps=int(values["step"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(f"{path} must be a run's score, and is damaged: take it away to score again") from error
