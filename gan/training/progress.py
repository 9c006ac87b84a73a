"""What a person sees of a training run, on stderr."""

import logging
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

from gan.log import console
from gan.metrics.catalog import CURVES, shown_at
from gan.runs.folder import RunFolder
from gan.runs.rows import chosen

logger = logging.getLogger(__name__)
SHOWN = shown_at("progress")
"""Metrics of the last evaluation that stay in sight."""
LOSSES = {name: curve.label for name, curve in CURVES.items() if "progress" in curve.places}
"""Name -> label of what stays in sight of the last training steps."""
NUMBERS = 42
"""Columns that step, total, rate and time left may take: the bar is shorter where there are fewer for it than 20."""
RATE_SECONDS = 600.0
"""The rate is that of so long, so that it outlasts an evaluation."""
Numbers = Mapping[str, float]
"""Label -> value."""


class Display:
    """A bar on a terminal; elsewhere one line an evaluation."""

    def __init__(self, progress: "_Bar", done: int, total: int) -> None:
        self.progress = progress
        self.task = progress.add_task("train", total=total, completed=done)

    def step(self, done: int) -> None:
        """Steps done so far."""
        self.progress.update(self.task, completed=done)

    def losses(self, values: Mapping[str, float]) -> None:
        """The last training losses."""
        self.progress.losses = {LOSSES[name]: value for name, value in values.items() if name in LOSSES}

    def evaluated(self, step: int, metrics: Mapping[str, float]) -> None:
        """The metrics of an evaluation."""
        self.progress.metrics = evaluations(metrics)
        if not console.is_terminal:
            logger.info("step %d: %s", step, "  ".join(words(self.progress.metrics)))


class _Bar(Progress):
    """Bar, step, rate and time left on a line that is always whole; below it lines of numbers, as many as they need."""

    losses: Mapping[str, float] = {}
    metrics: Mapping[str, Mapping[str, float]] = {}

    def get_renderables(self) -> Iterable[RenderableType]:
        """What is drawn: the bar, then numbers."""
        yield from super().get_renderables()
        for line in _wrapped({"": self.losses}):
            yield Text(line)
        for line in _wrapped(self.metrics):
            yield Text(line, "bold")


def evaluations(metrics: Mapping[str, float]) -> dict[str, Numbers]:
    """What is shown of an evaluation: without hints under "", and with the most hints under their number in words."""
    hinted = [name.split("/")[1] for name in metrics if name.startswith("val_hints/")]
    prefixes = {"": "val/"} | ({f"with {hinted[-1]} hints: ": f"val_hints/{hinted[-1]}/"} if hinted else {})
    return {
        how: {name: metrics[prefix + name] for name in SHOWN if prefix + name in metrics}
        for how, prefix in prefixes.items()
    }


def words(numbers: Mapping[str, Numbers]) -> list[str]:
    """Each name with its value, behind how it was measured; groups without a number are left out."""
    return [
        how + "  ".join(f"{name} {value:.3f}" for name, value in values.items())
        for how, values in numbers.items()
        if values
    ]


def _wrapped(numbers: Mapping[str, Numbers]) -> list[str]:
    """Lines that fit the terminal and part no name from its value."""
    return [
        line.replace("\N{NO-BREAK SPACE}", " ")
        for group in words(numbers)
        for line in textwrap.wrap(
            "  ".join(pair.replace(" ", "\N{NO-BREAK SPACE}") for pair in group.split("  ")), console.width
        )
    ]


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("- steps/s" if speed is None else f"{speed:.{1 if speed >= 1 else 3}f} steps/s")


@contextmanager
def display(done: int, total: int) -> Iterator[Display]:
    """Show progress from `done` of `total` steps until the block ends."""
    columns = (
        BarColumn(bar_width=min(20, max(4, console.width - NUMBERS))),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with _Bar(
        *columns, console=console, disable=not console.is_terminal, speed_estimate_period=RATE_SECONDS
    ) as progress:
        yield Display(progress, done, total)


def ending(run: RunFolder, seconds: float) -> Iterator[str]:
    """What a person is told at the end of a run, below its last metrics: time, the best step, and what to do next.

    Args:
        run: trained to its end.
        seconds: that it took.
    """
    took = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.1f} minutes"
    yield f"{run.path}: done in {took if seconds < 5400 else f'{seconds / 3600:.1f} hours'}"
    best = chosen(run.rows(), run.config.evaluation.best)
    if best is not None:
        yield f"best: {best.name} {best.value:.3f} at step {best.step}, in {run.best}"
    folder = shlex.quote(str(run.path))
    hints = " --hints 0 1 2 3" if run.config.hints.kind != "none" else ""
    yield "next:"
    yield f"  gan evaluate {folder}{hints}  # every metric on the test pictures"
    yield f"  gan colorize {folder} DRAWING.png  # a drawing of your own"
    yield f"  gan serve {shlex.quote(str(run.path.parents[1]))}  # grids, curves and the paint page in a browser"
