"""A trained run on one side of its data: every metric, the closed forms beside it, as a table or as JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from gan.checkpoint import load_generator
from gan.data import Split, sources
from gan.data.loader import Scored, fixed_batches
from gan.environment import pick_device
from gan.evaluate import load_lpips, score_closed_forms, score_generator
from gan.tracking import open_run
from gan.validation import EVALUATION_BATCH

DIRECTIONS = {
    "mae": "v",
    "psnr": "^",
    "ssim": "^",
    "lpips": "v",
    "ciede2000": "v",
    "sepia_index": "0",
    "sepia_index_px": "0",
    "chroma_ratio": "1",
    "histogram_L": "^",
    "histogram_a": "^",
    "histogram_b": "^",
    "palette_hit": "^",
    "palette_entropy": "^",
}
"""Which way is better: lower, higher, or a value to be near."""


@dataclass(frozen=True)
class Evaluation:
    """What was measured, on what, and the closed forms on the same draw of colours."""

    run: Path
    step: int
    split: Split
    pictures: int
    checkpoint: str
    weights: str
    measured: dict[str, float]
    closed: dict[str, dict[str, float]]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "run": str(self.run),
            "step": self.step,
            "split": self.split,
            "pictures": self.pictures,
            "checkpoint": self.checkpoint,
            "weights": self.weights,
            "metrics": self.measured,
            "closed_forms": self.closed,
        }

    def to_table(self) -> Table:
        """A row a metric."""
        title = f"{self.run}: {self.weights} weights of {self.checkpoint}.pt (step {self.step}), "
        table = Table(title=f"{title}{self.pictures} {self.split} pictures", title_justify="left")
        table.add_column("metric", no_wrap=True)
        table.add_column("better")
        table.add_column("measured", justify="right")
        for name in self.closed:
            table.add_column(CLOSED_HEADINGS[name], justify="right")
        for name, value in self.measured.items():
            cells = [f"{values[name]:.4f}" if name in values else "" for values in self.closed.values()]
            base, _, kind = name.partition("/")
            table.add_row(f"  {kind}" if kind else name, DIRECTIONS.get(base, ""), f"{value:.4f}", *cells)
        return table


CLOSED_HEADINGS = {"median": "L1 optimum", "mean": "L2 optimum", "sampler": "sampler"}


def of_run(
    path: Path,
    split: Split,
    checkpoint: str,
    *,
    average: bool = False,
    data_root: str | None = None,
    device: str = "auto",
    warn: Callable[[str], None],
) -> Evaluation:
    """Evaluate a run folder.

    Args:
        path: the run folder.
        split: which side of its data.
        checkpoint: last or best.
        average: the moving average, and not the raw weights.
        data_root: the folder of the pictures, if they are not where the run was trained on them.
        device: a PyTorch device, or auto.
        warn: is told of what is missing.

    Raises:
        RequestError: no such run, checkpoint, data or device.
    """
    run = open_run(path)
    generator, experiment, step = load_generator(run.last if checkpoint == "last" else run.best, average=average)
    data = run.config.data
    if data_root is not None:
        data = replace(data, root=data_root)
    experiment = replace(experiment, data=data)
    target = pick_device(device)
    pictures = sources.load(experiment).sides[split]

    def batches() -> Iterator[Scored]:
        return fixed_batches(pictures, experiment.seed, range(len(pictures)), EVALUATION_BATCH)

    lpips = load_lpips(warn, target)
    measured = score_generator(generator.to(target), batches(), lpips, target)
    closed = score_closed_forms((scored.to(target) for scored in batches()), lpips)
    weights = "average" if average else "raw"
    return Evaluation(path, step, split, len(pictures), checkpoint, weights, measured, closed)
