"""What is measured and drawn while a run trains, on the same pictures at every step and for every arm of a seed."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gan.config import Experiment
from gan.data.batch import Batch
from gan.data.loader import Pictures, Scored, fixed_batches
from gan.data.sources import DataSet
from gan.evaluate import Distance, evaluation_mode, score_generator
from gan.grid import sample_grid
from gan.ranges import to_uint8
from gan.train import TrainState

Pixels = NDArray[np.uint8]
EVALUATION_BATCH = 32
"""Pictures at once in an evaluation; changes no result."""
ROW = ("line", "fake", "color")
"""Columns of `Validation.rows`."""


@dataclass(frozen=True)
class Validation:
    """The fixed pictures of a run."""

    pictures: list[Scored]
    """Validation pictures to measure."""
    val_grid: Batch
    train_grid: Batch
    """Drawings for the grids; the training ones show whether a fault is one of generalisation."""
    lpips: Distance | None
    device: torch.device

    def measure(self, state: TrainState) -> dict[str, float]:
        """`val/<metric>` of the raw weights and, where there is one, `val_average/<metric>` of the moving average."""
        values = {f"val/{name}": value for name, value in self._score(state.generator).items()}
        if state.average is not None:
            values |= {f"val_average/{name}": value for name, value in self._score(state.average).items()}
        return values

    def _score(self, generator: nn.Module) -> dict[str, float]:
        return score_generator(generator, self.pictures, self.lpips, self.device)

    def draw(self, generator: nn.Module) -> dict[str, Pixels]:
        """`samples/grid` and `samples/train_grid`: line | hint | fake | color."""
        grids = {"samples/grid": self.val_grid, "samples/train_grid": self.train_grid}
        return {name: sample_grid(batch, self._colored(generator, batch)) for name, batch in grids.items()}

    def rows(self, generator: nn.Module) -> list[list[Pixels]]:
        """The pictures of `ROW` of each validation drawing in the grid."""
        batch, fake = self.val_grid, self._colored(generator, self.val_grid)
        columns = (batch.line.expand(-1, 3, -1, -1), fake, batch.color)
        return [[to_uint8(column[index]) for column in columns] for index in range(len(batch))]

    def _colored(self, generator: nn.Module, batch: Batch) -> torch.Tensor:
        with evaluation_mode(generator):
            fake: torch.Tensor = generator(batch.condition.to(self.device)).cpu()
        return fake


def prepare(data: DataSet, experiment: Experiment, lpips: Distance | None, device: torch.device) -> Validation:
    """Choose the fixed pictures: the first of each side in its own order, spread evenly over it."""
    val, train = data.sides["val"], data.sides["train"]
    chosen = _spread(val, experiment.evaluation.pictures)
    return Validation(
        pictures=list(fixed_batches(val, experiment.seed, chosen, EVALUATION_BATCH)),
        val_grid=_batch(val, experiment),
        train_grid=_batch(train, experiment),
        lpips=lpips,
        device=device,
    )


def _batch(pictures: Pictures, experiment: Experiment) -> Batch:
    count = min(experiment.evaluation.grid, len(pictures))
    (scored,) = fixed_batches(pictures, experiment.seed, _spread(pictures, count), count)
    return scored.batch


def _spread(pictures: Pictures, count: int) -> range:
    """At most `count` indices, evenly spaced."""
    stride = max(1, len(pictures) // count)
    return range(0, len(pictures), stride)[:count]
