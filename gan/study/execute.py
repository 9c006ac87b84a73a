"""A study from its definition to its results: the runs that are missing are done, those that are done are kept."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table

from gan.config import Experiment
from gan.errors import RequestError
from gan.files import locked
from gan.study import duration, launchers, results
from gan.study.definition import Study
from gan.study.runs import StudyRun, read_result, runs_of

logger = logging.getLogger(__name__)
Launcher = Literal["local", "ray"]
MOST_CORES = 4096


@dataclass(frozen=True)
class LaunchOptions:
    """Where and how the runs are done.

    jobs: runs at once (local). cpus, gpus: cores and share of a GPU of a run (ray); gpus None: a whole one, if any.
    """

    launcher: Launcher = "local"
    jobs: int = 1
    cpus: float = 1.0
    gpus: float | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise RequestError(f"--jobs ({self.jobs}) must be at least 1")
        if not 0.001 <= self.cpus <= MOST_CORES:
            raise RequestError(f"--cpus-per-run ({self.cpus:g}) must lie between 0.001 and {MOST_CORES}")
        if self.gpus is not None and not 0 <= self.gpus <= MOST_CORES:
            raise RequestError(f"--gpus-per-run ({self.gpus:g}) must lie between 0 and {MOST_CORES}")


@dataclass(frozen=True)
class StudyOutcome:
    """How a study ended: its folder, the signal that stopped it, and label -> reason of the runs that failed."""

    folder: Path
    signal: int | None
    failed: dict[str, str]


def dry_run(study: Study, out: Path, options: LaunchOptions) -> Table:
    """The runs with their states and the time that those to come will take here; nothing is run or written.

    Raises:
        RequestError: as `runs_of`.
    """
    runs = runs_of(study, out)
    at_once = options.jobs if options.launcher == "local" else 1
    seconds = duration.seconds_to_go(runs, at_once=at_once)
    how = f", {at_once} at once" if at_once > 1 else ", one after another"
    total = f"{len(seconds)} of {len(runs)} runs to do, about {_minutes(sum(seconds.values()) / at_once)} here{how}"
    table = Table("run", "steps", "state", "about", title=f"study {study.name}: {total}", title_justify="left")
    for run in runs:
        about = _minutes(seconds[run]) if run in seconds else ""
        table.add_row(run.label, _length(run.experiment), run.state, about)
    return table


def _length(experiment: Experiment) -> str:
    """Steps, or the epochs that go before them."""
    return str(experiment.steps) if experiment.epochs is None else f"{experiment.epochs:g} epochs"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def execute(study: Study, out: Path, options: LaunchOptions) -> StudyOutcome:
    """Do every run that is missing and write the results, after each run and at the end.

    Raises:
        RequestError: as `runs_of`; another process is at this study; or it cannot be written.
    """
    runs = runs_of(study, out)
    for run in runs:
        read_result(run)  # a damaged score is said now, and not after hours
    todo = [run for run in runs if run.state != "done"]
    _load_data(todo)
    with _study_lock(runs[0].study_folder):
        return _launch(study, runs, todo, options)


def _load_data(runs: Sequence[StudyRun]) -> None:
    """Load every data set once: what is wrong with one is said before anything runs, and what is cached is made once.

    Raises:
        RequestError: as `gan.data.sources.load`.
    """
    from gan.data import sources

    for experiment in {run.experiment.data: run.experiment for run in runs}.values():
        sources.load(experiment)


@contextmanager
def _study_lock(folder: Path) -> Iterator[None]:
    """The folder of a study for this process alone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / ".locks" / "study", wait=False))
        except BlockingIOError as error:
            raise RequestError(f"{folder} is in use by another `gan study`") from error
        except OSError as error:
            raise RequestError(f"--out: {folder} must be writable: {error.strerror}") from error
        yield


def _launch(study: Study, runs: Sequence[StudyRun], todo: Sequence[StudyRun], options: LaunchOptions) -> StudyOutcome:
    from gan.study import outputs

    started, failed = time.monotonic(), dict[str, str]()
    folder = runs[0].study_folder
    done = len(runs) - len(todo)
    logger.info("study %s: %d of %d runs are done, %d to do, in %s", study.name, done, len(runs), len(todo), folder)

    def on_start(run: StudyRun) -> None:
        logger.info("%s: %s", run.label, "resumes" if run.folder.has_config else "starts")

    def on_end(run: StudyRun, reason: str | None) -> None:
        if reason is not None:
            failed[run.label] = reason
        left = sum(each.state != "done" for each in runs)
        logger.info("%s: %s (%s, %d to go)", run.label, reason or "done", _minutes(time.monotonic() - started), left)
        outputs.write_study_json(study, runs)

    signal = None
    if todo and options.launcher == "ray":
        signal = launchers.ray(todo, options.cpus, options.gpus, on_end)
    elif todo:
        signal = launchers.local(todo, options.jobs, on_start, on_end)
    if signal is None:
        outputs.write_all(study, runs)
    return StudyOutcome(folder, signal, failed)


def write_results(study: Study, out: Path) -> StudyOutcome:
    """Write the results of the runs that are done, and run nothing.

    Raises:
        RequestError: as `runs_of`, or no run is done.
    """
    from gan.study import outputs

    runs = runs_of(study, out)
    folder = runs[0].study_folder
    if not any(run.state == "done" for run in runs):
        raise RequestError(f"--report needs a run that is done, and {folder} has none")
    with _study_lock(folder):
        outputs.write_all(study, runs)
    return StudyOutcome(folder, None, {})


def verdict_lines(folder: Path) -> list[str]:
    """What a study found, a line a verdict and a broken run, and where its report is; for stdout.

    Raises:
        RequestError: study.json is missing or damaged.
    """
    path = folder / "report.md"
    result = results.load(folder)
    lines = [verdict.line for verdict in result.verdicts]
    lines += [f"{label} is broken, and left out of every number: {why}" for label, why in result.broken.items()]
    return [*lines, str(path)] if path.exists() else lines
