"""The runs of a study: which there are, which are done, and how one is trained and scored.

A run is done when its folder holds test.json, its score on the test pictures with the raw weights of the last step: a
"best" checkpoint never enters a study, for the best by error is the most sepia.
"""

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from gan.config import Experiment, differences, from_dict, to_dict
from gan.errors import RequestError
from gan.files import locked, read_regular
from gan.runs.folder import RunFolder
from gan.runs.going_on import as_begun, check_pictures
from gan.runs.mirror import Identity
from gan.runs.wandb_mirror import start
from gan.study.definition import Study
from gan.study.rules import RunScore

logger = logging.getLogger(__name__)
TEST = "test"
"""Name of the JSON file of a run's score."""
RunState = Literal["done", "begun", "missing"]


@dataclass(frozen=True)
class StudyRun:
    """A run of a study: an experiment with its seed, below the folder of the study."""

    study: str
    study_folder: Path
    experiment: Experiment

    @property
    def folder(self) -> RunFolder:
        """Its own folder."""
        return RunFolder(self.study_folder / self.experiment.name / f"seed-{self.experiment.seed}")

    @property
    def label(self) -> str:
        """How a person knows it: cell/seed-n."""
        return f"{self.experiment.name}/seed-{self.experiment.seed}"

    @property
    def file_label(self) -> str:
        """The label as the name of a file: cell-seed-n."""
        return self.label.replace("/", "-")

    @property
    def test_json(self) -> Path:
        """The file of its score, which is there when it is done."""
        return self.folder.path / f"{TEST}.json"

    @property
    def state(self) -> RunState:
        """Whether it has to be run."""
        if self.test_json.exists():
            return "done"
        return "begun" if self.folder.has_config else "missing"

    def to_json(self) -> dict[str, Any]:
        """Plain values, for another process."""
        return {"study": self.study, "study_folder": str(self.study_folder), "experiment": to_dict(self.experiment)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "StudyRun":
        """The inverse of `to_json`."""
        return cls(values["study"], Path(values["study_folder"]), from_dict(values["experiment"], "a study's run"))


def runs_of(study: Study, out: Path) -> list[StudyRun]:
    """The runs of a study, cell by cell and seed by seed.

    Raises:
        RequestError: one is there in another configuration, or `out` cannot be written to.
    """
    runs = planned(study, out)
    folder = runs[0].study_folder
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise RequestError(f"--out: {folder} must be writable, and {there} is not a folder that can be written to")
    for run in runs:
        _check_same(run)
    return runs


def planned(study: Study, out: Path) -> list[StudyRun]:
    """The runs of a study, whatever is there of them."""
    folder = out.absolute() / study.name
    return [
        StudyRun(study.name, folder, replace(cell.experiment, seed=seed))
        for cell in study.cells
        for seed in study.seeds
    ]


def _check_same(run: StudyRun) -> None:
    """A study compares runs at equal steps, so that unlike a resumed run not even those may differ.

    Its pictures may have moved, if all of them have.
    """
    if not run.folder.has_config:
        return
    before = run.folder.config
    asked = as_begun(run.experiment, before)
    if asked.data.root != before.data.root and run.folder.begun is not None:
        from gan.data import sources  # here, for a study whose pictures have not moved does not need them yet

        check_pictures(run.folder, asked, sources.load(asked, run.folder.begun).summary, share=1)
        asked = replace(asked, data=replace(asked.data, root=before.data.root))
    changed = differences(_without_neutral_fields(before), _without_neutral_fields(asked))
    if changed:
        name, (old, new) = next(iter(changed.items()))
        raise RequestError(
            f"{run.folder.path} holds another configuration: {name} is {old!r} there and {new!r} here; "
            f"choose another --out, or take that folder away"
        )


def _without_neutral_fields(experiment: Experiment) -> Experiment:
    """The experiment with the default in every field that changes no result."""
    default = Experiment()
    data = replace(experiment.data, workers=default.data.workers)
    return replace(experiment, device="auto", data=data, logging=default.logging)


def train_and_score(run: StudyRun) -> None:
    """Train a run, or go on with it, and score it on the test pictures; does nothing where it is done.

    Raises:
        RequestError: as `gan.training.loop.train` and `gan.evaluation.run.of_run`.
        TrainingFailed: a loss is not finite.
        Stopped: a signal ended it.
    """
    from gan.training import loop  # here, for it brings PyTorch, which a dry run does not need

    with locked(run.study_folder / ".locks" / run.file_label):
        if run.state == "done":
            return
        started, earlier = time.monotonic(), seconds_trained(run.folder)
        outcome = loop.train(run.experiment, run.study_folder, resume=True, group=run.study)
        if outcome.signal is not None:
            raise Stopped(outcome.signal)
        score, histograms = _score(run)
        seconds = round(earlier + time.monotonic() - started, 1)
        run.folder.save_json(TEST, score | {"seconds": seconds, "histograms": histograms})
        _mirror_score(run, score)


def _mirror_score(run: StudyRun, score: Mapping[str, Any]) -> None:
    """Show the score in the run's own W&B run, which training has finished and which is resumed for it."""
    identity = Identity.of(run.folder.run_id, run.experiment, run.study)
    mirror = start(run.folder.path, run.experiment.logging, {}, identity)
    values = {f"test/{name}": value for name, value in score["metrics"].items()}
    for count, row in score["hints"].items():
        if int(count):
            values |= {f"test_hints/{count}/{name}": value for name, value in row["metrics"].items()}
    mirror.summarise(values)
    mirror.finish(0)


def _score(run: StudyRun) -> tuple[dict[str, Any], dict[str, Any]]:
    """The score on the test pictures and its histograms, as test.json holds them."""
    from gan.evaluation import run as evaluation_run

    root, device = run.experiment.data.root or None, run.experiment.device
    open_ended = run.experiment.data.source != "avatars"  # no closed form says how far from the truth draws may be
    evaluation = evaluation_run.of_run(
        run.folder.path, "test", "last", data_root=root, device=device, distributions=open_ended
    )
    evaluation_run.keep(evaluation)
    histograms = {str(count): axes for count, axes in evaluation.histograms.items()}
    return evaluation.to_json(), histograms


def seconds_trained(run: RunFolder) -> float:
    """Seconds that a run has trained so far, by the lines that it wrote: pauses are left out."""
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


@dataclass(frozen=True)
class RunResult:
    """What a run that is done has scored, and how long it took.

    histograms: number of hints -> axis -> `fake` and `true` counts. seconds: of training and scoring, however often it
    was stopped and resumed. steps: of training. broken: why no verdict may rest on it (`gan.evaluation.broken`); ""
    where one may, and in scores of before.
    """

    score: RunScore
    histograms: Mapping[int, Mapping[str, Mapping[str, Sequence[int]]]]
    seconds: float
    steps: int
    broken: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "RunResult":
        """From what test.json holds."""
        rows = {int(count): row for count, row in values["hints"].items()}
        return cls(
            score=RunScore(
                {count: row["metrics"] for count, row in rows.items()},
                {count: row["closed_forms"] for count, row in rows.items()},
            ),
            histograms={int(count): axes for count, axes in values["histograms"].items()},
            seconds=float(values["seconds"]),
            steps=int(values["step"]),
            broken=str(values.get("broken", "")),
        )


def read_result(run: StudyRun) -> RunResult | None:
    """What a run has scored, or None where it is not done.

    Raises:
        RequestError: test.json is damaged.
    """
    if not run.test_json.exists():
        return None
    try:
        return RunResult.from_json(json.loads(read_regular(run.test_json)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(
            f"{run.test_json} must be a run's score, and is damaged: take it away to score again"
        ) from error
