"""What is measured and drawn while a run trains, on the same pictures at every step and for every arm of a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import nn

from gan.arrays import Pixels
from gan.config import Experiment
from gan.data.batch import Batch
from gan.data.fixed import EVALUATION_BATCH, CachedPictures, FixedPictures, spread
from gan.data.loader import Pictures
from gan.data.sources import DataSet
from gan.evaluation import rival
from gan.evaluation.curve import Closed, Curve
from gan.evaluation.hinted import counts_of, logged, score_with_hints
from gan.evaluation.pictures import Kept
from gan.evaluation.rival import Rival
from gan.evaluation.score import Distance, Score, evaluation_mode, picture_metrics
from gan.grid import DRAWS, draws_grid, sample_grid, show_hint
from gan.metrics.catalog import WATERSHED
from gan.ranges import to_uint8, to_unit
from gan.training.state import TrainState

ROW = ("line", "hint", "fake", "color")
"""The pictures in a row of `Validation.table`."""
MOST_DRAWN = 4
"""Drawings of which a sampler's draws are shown."""
GRIDS = {"samples/grid": "", "samples/train_grid": "-train", "samples/draws": "-draws"}
"""Name of a grid -> what its file is called after the step."""


@dataclass(frozen=True)
class Validation:
    """The fixed pictures of a run."""

    pictures: FixedPictures
    """Validation pictures to measure."""
    counts: tuple[int, ...]
    """Numbers of hints to measure at: 0, and more where the run is hinted."""
    val_grid: Batch
    train_grid: Batch
    """Drawings for the grids; the training ones show whether a fault is one of generalisation."""
    keys: tuple[str, ...]
    """What identifies each drawing of `val_grid`, by its content."""
    draws: tuple[Batch, ...]
    """The first drawings of `val_grid`, without hints, once for each draw of noise; none where there is no noise."""
    lpips: Distance | None
    device: torch.device
    rival: Rival

    def keeping(self) -> dict[int, Kept]:
        """What keeps some pictures of an evaluation, by number of hints: without hints, and with the most."""
        return {count: Kept(self.pictures, count) for count in {self.counts[0], self.counts[-1]}}

    def measure(
        self, state: TrainState, *, whole: bool, kept: Mapping[int, Kept] | None = None
    ) -> tuple[dict[str, float], Curve, Closed]:
        """The numbers of an evaluation, and the raw weights' and the rival's metrics by number of hints.

        `val/<metric>` is without hints, for every run alike; `val_hints/<count>/<metric>` with so many;
        `val_average/<metric>` without hints of the moving average, where there is one.

        Args:
            state: the networks.
            whole: at every number of hints, with what changes the hints; else with none and with the most, which takes
                a third of the time. The rival, which no step changes, is measured at the whole alone.
            kept: keeps some of the pictures, by number of hints.
        """
        counts = self.counts if whole else sorted({self.counts[0], self.counts[-1]})
        scores: dict[int, dict[str, Score]] = {count: {} for count in counts}
        curve = {
            count: self._score(
                *(state.generator, count),
                effects=whole,
                scores=scores[count] if whole and count else None,
                kept=(kept or {}).get(count),
            )
            for count in counts
        }
        rivals = {count: {WATERSHED: each[WATERSHED].result()} for count, each in scores.items() if each}
        values = {f"val/{name}": value for name, value in curve[0].items()}
        values |= {f"val_hints/{name}": value for name, value in logged(curve).items()}
        if state.average is not None:
            values |= {
                f"val_average/{name}": value for name, value in self._score(state.average, 0, effects=False).items()
            }
        return values, curve, rivals

    def chosen_by(self, metric: str) -> str:
        """The name of the number by which checkpoints/best.pt is chosen: with as many hints as are measured."""
        most = self.counts[-1]
        return f"val_hints/{most}/{metric}" if most else f"val/{metric}"

    def _score(
        self,
        generator: nn.Module,
        count: int,
        *,
        effects: bool,
        scores: dict[str, Score] | None = None,
        kept: Kept | None = None,
    ) -> dict[str, float]:
        # the closed forms without hints are the same at every evaluation, and kept; those with hints take long
        return score_with_hints(
            generator,
            self.pictures,
            count,
            self.lpips,
            self.device,
            closed=count == 0,
            effects=effects,
            scores=scores,
            rival=self.rival,
            kept=kept,
        )

    def draw(self, generator: nn.Module) -> dict[str, Pixels]:
        """`samples/grid` and `samples/train_grid`: line | hint | fake | color; of a sampler `samples/draws`, too."""
        grids = {"samples/grid": self.val_grid, "samples/train_grid": self.train_grid}
        drawn = {name: sample_grid(batch, self._colored(generator, batch)) for name, batch in grids.items()}
        if self.draws:
            colored = [self._colored(generator, batch) for batch in self.draws]
            drawn["samples/draws"] = draws_grid(self.draws[0].line, colored)
        return drawn

    def table(self, generator: nn.Module) -> tuple[list[str], list[list[Pixels | str | float]]]:
        """A row each validation drawing in the grid, and the columns' names.

        The pictures of `ROW`, the drawing's key, and every metric that compares a picture with its truth.
        """
        batch, fake = self.val_grid, self._colored(generator, self.val_grid)
        shown = (batch.line.expand(-1, 3, -1, -1), show_hint(batch.line, batch.hint), fake, batch.color)
        unit, true_unit = (to_unit(picture.to(self.device)) for picture in (fake, batch.color))
        metrics = picture_metrics(unit, true_unit, self.lpips)
        rows: list[list[Pixels | str | float]] = [
            [*(to_uint8(picture[at]) for picture in shown), key, *(float(each[at]) for each in metrics.values())]
            for at, key in enumerate(self.keys)
        ]
        return [*ROW, "picture", *metrics], rows

    def _colored(self, generator: nn.Module, batch: Batch) -> torch.Tensor:
        with evaluation_mode(generator):
            fake: torch.Tensor = generator(*batch.to(self.device).given).cpu()
        return fake


def prepare(data: DataSet, experiment: Experiment, lpips: Distance | None, device: torch.device) -> Validation:
    """Choose the fixed pictures: the first of each side in its own order, spread evenly over it."""
    val = data.sides["val"]
    chosen = spread(val, experiment.evaluation.pictures)
    return Validation(
        pictures=FixedPictures(
            *(CachedPictures(val), chosen, experiment.seed, experiment.hints, EVALUATION_BATCH),
            noise=experiment.generator.numbers,
        ),
        counts=counts_of(experiment),
        val_grid=_batch(val, experiment),
        train_grid=_batch(data.sides["train"], experiment),
        keys=tuple(val.key(index) for index in _fixed(val, experiment).indices),
        draws=_draws(val, experiment),
        lpips=lpips,
        device=device,
        rival=rival.of(experiment),
    )


def _batch(pictures: Pictures, experiment: Experiment) -> Batch:
    """The drawings of a grid, with as many hints as are measured at most."""
    (scored,) = _fixed(pictures, experiment).at(counts_of(experiment)[-1], closed=False)
    return scored.batch


def _draws(pictures: Pictures, experiment: Experiment) -> tuple[Batch, ...]:
    """The first drawings of a grid without hints, with one noise after another; all else of them is shared."""
    if not experiment.generator.noise:
        return ()
    whole = _fixed(CachedPictures(pictures), experiment)
    fixed = replace(whole, indices=whole.indices[:MOST_DRAWN])
    drawn = [scored.batch for draw in range(DRAWS) for scored in fixed.at(0, closed=False, variant=draw)]
    return tuple(replace(drawn[0], noise=batch.noise) for batch in drawn)


def _fixed(pictures: Pictures, experiment: Experiment) -> FixedPictures:
    """The drawings of a grid, all in one batch."""
    rows = min(experiment.evaluation.grid, len(pictures))
    indices, noise = spread(pictures, rows), experiment.generator.numbers
    return FixedPictures(pictures, indices, experiment.seed, experiment.hints, rows, noise)
