"""What a person sees of a training run, on stderr."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from gan.log import console
from gan.metrics.catalog import CURVES, shown_at

logger = logging.getLogger(__name__)
SHOWN = shown_at("progress")
"""Metrics of the last evaluation that stay in sight."""
LOSSES = {name: curve.label for name, curve in CURVES.items() if "progress" in curve.places}
"""Name -> label of what stays in sight of the last training steps."""


class Display:
    """A bar on a terminal; elsewhere one line an evaluation."""

    def __init__(self, progress: Progress, done: int, total: int) -> None:
        self.progress = progress
        self.task = progress.add_task("train", total=total, completed=done, losses="", metrics="")

    def step(self, done: int) -> None:
        """Steps done so far."""
        self.progress.update(self.task, completed=done)

    def losses(self, values: Mapping[str, float]) -> None:
        """The last training losses."""
        text = "  ".join(f"{LOSSES[name]} {value:.3f}" for name, value in values.items() if name in LOSSES)
        self.progress.update(self.task, losses=text)

    def evaluated(self, step: int, metrics: Mapping[str, float]) -> None:
        """The metrics of an evaluation."""
        text = _named(metrics, "val/")
        hinted = [name.split("/")[1] for name in metrics if name.startswith("val_hints/")]
        if hinted:
            text += f"  with {hinted[-1]} hints: {_named(metrics, f'val_hints/{hinted[-1]}/')}"
        self.progress.update(self.task, metrics=text)
        if not console.is_terminal:
            logger.info("step %d: %s", step, text)


def _named(metrics: Mapping[str, float], prefix: str) -> str:
    return "  ".join(f"{name} {metrics[prefix + name]:.3f}" for name in SHOWN if prefix + name in metrics)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.1f} steps/s")


@contextmanager
def display(done: int, total: int) -> Iterator[Display]:
    """Show progress from `done` of `total` steps until the block ends."""
    columns = (
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
        TextColumn("[bold]{task.fields[metrics]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Display(progress, done, total)
