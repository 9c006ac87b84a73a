"""A study from its definition to its results: what is missing is run, what is done is kept."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from gan.errors import RequestError
from gan.files import locked
from gan.study import estimate, launchers
from gan.study.definition import Study
from gan.study.runs import Job, jobs_of, printer, read

Launcher = Literal["local", "ray"]
MOST_CORES = 4096


@dataclass(frozen=True)
class Means:
    """How the runs are done.

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
class Ending:
    """How a study ended: the signal that stopped it, and the runs that failed, with the reasons."""

    folder: Path
    signal: int | None
    failed: dict[str, str]


def plan(study: Study, out: Path, means: Means) -> Table:
    """The runs with their states and the time that those to come will take here; nothing is run or written.

    Raises:
        RequestError: as `jobs_of`.
    """
    jobs = jobs_of(study, out)
    at_once = means.jobs if means.launcher == "local" else 1
    seconds = estimate.seconds(jobs, at_once=at_once)
    how = f", {at_once} at once" if at_once > 1 else ", one after another"
    total = f"{len(seconds)} of {len(jobs)} runs to do, about {_minutes(sum(seconds.values()) / at_once)} here{how}"
    table = Table("run", "steps", "state", "about", title=f"study {study.name}: {total}", title_justify="left")
    for job in jobs:
        about = _minutes(seconds[job]) if job in seconds else ""
        table.add_row(job.label, str(job.experiment.steps), job.state, about)
    return table


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def conduct(study: Study, out: Path, means: Means, console: Console) -> Ending:
    """Do every run that is missing and write the results, after each run and at the end.

    Raises:
        RequestError: as `jobs_of`; another process is at this study; or it cannot be written.
    """
    jobs = jobs_of(study, out)
    todo = [job for job in jobs if job.state != "done"]
    for job in jobs:
        read(job)  # a damaged score is said now, and not after hours
    _prepare(todo)
    with _held(jobs[0].folder):
        return _conduct(study, jobs, todo, means, console)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder of a study for this process alone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / ".locks" / "study", wait=False))
        except BlockingIOError as error:
            raise RequestError(f"{folder} is being worked at by another `gan study`") from error
        except OSError as error:
            raise RequestError(f"--out: {folder} must be writable: {error.strerror}") from error
        yield


def _conduct(study: Study, jobs: Sequence[Job], todo: Sequence[Job], means: Means, console: Console) -> Ending:
    from gan.study import results

    say, started, failed = printer(console), time.monotonic(), dict[str, str]()
    folder = jobs[0].folder
    say(f"study {study.name}: {len(jobs) - len(todo)} of {len(jobs)} runs are done, {len(todo)} to do, in {folder}")

    def begun(job: Job) -> None:
        say(f"{job.label}: {'goes on' if job.run.has_config else 'begins'}")

    def done(job: Job, reason: str | None) -> None:
        if reason is not None:
            failed[job.label] = reason
        left = sum(each.state != "done" for each in jobs)
        say(f"{job.label}: {reason or 'done'} ({_minutes(time.monotonic() - started)}, {left} to go)")
        results.write_numbers(study, jobs)

    signal = None
    if todo and means.launcher == "ray":
        signal = launchers.ray(todo, means.cpus, means.gpus, done)
    elif todo:
        signal = launchers.local(todo, means.jobs, begun, done)
    if signal is None:
        results.write(study, jobs, say)
    return Ending(folder, signal, failed)


def _prepare(jobs: Sequence[Job]) -> None:
    """Load every data set once: what is wrong with one is said before anything runs, and what is cached is made once.

    Raises:
        RequestError: as `gan.data.sources.load`.
    """
    from gan.data import sources

    for experiment in {job.experiment.data: job.experiment for job in jobs}.values():
        sources.load(experiment)


def report(study: Study, out: Path, console: Console) -> Ending:
    """Write the results of the runs that are done, and run nothing.

    Raises:
        RequestError: as `jobs_of`, or no run is done.
    """
    from gan.study import results

    jobs = jobs_of(study, out)
    if not any(job.state == "done" for job in jobs):
        raise RequestError(f"--report needs a run that is done, and {jobs[0].folder} has none")
    with _held(jobs[0].folder):
        results.write(study, jobs, printer(console))
    return Ending(jobs[0].folder, None, {})


def verdict_lines(folder: Path) -> list[str]:
    """What a study found, for stdout."""
    from gan.study import results

    return results.lines(folder)
