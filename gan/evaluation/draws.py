"""A sampler is asked more than once: what its draws are like on average, and how they differ.

Every metric of a picture (`gan.evaluation.score`), as the mean over the draws; and of the draws of one drawing:

* `palette_reach`, `mutual_information`: what of a palette they reach, and whether they tell regions apart
  (`gan.metrics.diversity`);
* `mae_between`, `lpips_between`: how far two of them are from each other, over the scored pixels and as one sees it.

All are named `draws/...`, and are without hints.
"""

import torch
from torch import Tensor, nn

from gan.data.batch import Batch
from gan.data.fixed import FixedPictures, Scored
from gan.data.palette import PALETTES, REGIONS
from gan.evaluation.score import (
    CPU,
    HEADLINE_KINDS,
    SCORED_ERROR,
    Distance,
    Score,
    evaluation_mode,
    palette_of,
    pixel_kinds,
)
from gan.metrics.diversity import mutual_information, palette_index, palette_reach
from gan.ranges import to_unit

DRAWS = 16
"""Draws a drawing."""
PREFIX = "draws/"


class _Draws:
    """The draws of some drawings, gathered batch by batch."""

    def __init__(self, count: int, lpips: Distance | None) -> None:
        self.scores = [Score(None) for _ in range(count)]
        self.lpips = lpips
        self.between: dict[str, list[Tensor]] = {}

    def update(self, draws: list[Tensor], scored: Scored) -> None:
        """Add (B, 3, H, W) draws of the same drawings, on one device."""
        for score, draw in zip(self.scores, draws, strict=True):
            score.update(draw, scored)
        for one, other in zip(draws[::2], draws[1::2], strict=False):  # pairs that share no draw
            units = to_unit(one), to_unit(other)
            self._add("mae_between", _scored_mean((units[0] - units[1]).abs().mean(dim=1), scored.batch))
            if self.lpips is not None:
                self._add("lpips_between", self.lpips(*units).cpu())

    def _add(self, name: str, values: Tensor) -> None:
        self.between.setdefault(name, []).append(values)

    def result(self) -> dict[str, float]:
        """Metric, without the prefix -> value."""
        rows = [score.result() for score in self.scores]
        means = {
            name: sum(row[name] for row in rows) / len(rows) for name in rows[0] if all(name in row for row in rows)
        }
        between = {name: float(torch.cat(parts).nanmean()) for name, parts in self.between.items()}
        if "palette_hit" not in means:
            return means | between
        colors = torch.stack([score.means for score in self.scores])  # (D, N, K, 3)
        kinds = [REGIONS.index(kind) for kind in HEADLINE_KINDS]
        indices = [palette_index(colors[:, :, kind], palette_of(kind)) for kind in kinds]
        sizes = [len(PALETTES[kind]) for kind in kinds]
        there = [~colors[0, :, kind].isnan().any(dim=1) for kind in kinds]  # a bald head has no hair
        reach = [
            float(palette_reach(index[:, drawings], size))
            for index, drawings, size in zip(indices, there, sizes, strict=True)
        ]
        named = {f"palette_reach/{kind}": value for kind, value in zip(HEADLINE_KINDS, reach, strict=True)}
        information = float(mutual_information(indices[0], indices[1], sizes[0]))
        return means | between | named | {"palette_reach": sum(reach) / len(reach), "mutual_information": information}


def score_draws(
    generator: nn.Module, pictures: FixedPictures, lpips: Distance | None, device: torch.device, count: int = DRAWS
) -> dict[str, dict[str, float]]:
    """`fake` -> `draws/...` of a generator in eval mode and, where it is known, `sampler` -> of a perfect one.

    Of the perfect sampler `draws/mae_scored` is not that of its draws but what is expected of it, exactly.
    """
    drawn = {"fake": _Draws(count, lpips), "sampler": _Draws(count, lpips)}
    expected: list[Tensor] = []
    at = 0
    variants = (pictures.at(0, closed=False, variant=variant) for variant in range(count))
    redrawn = [pictures.redrawn(draw) for draw in range(count)]
    with evaluation_mode(generator):
        for batches in zip(*variants, strict=True):
            scored = batches[0].to(device)
            drawn["fake"].update([generator(*each.batch.to(device).given) for each in batches], scored)
            errors = pictures.sampler_errors(batches[0].batch, at)
            if errors is not None:
                drawn["sampler"].update([next(truths).to(device) for truths in redrawn], scored)
                expected.append(_scored_mean(errors, batches[0].batch))
            at += len(batches[0].batch)
    rows = {"fake": drawn["fake"].result()}
    if expected:
        rows["sampler"] = drawn["sampler"].result() | {SCORED_ERROR: float(torch.cat(expected).nanmean())}
    return {who: {PREFIX + name: value for name, value in row.items()} for who, row in rows.items()}


def _scored_mean(values: Tensor, batch: Batch) -> Tensor:
    """(B, H, W) -> (B,) means over the scored pixels, NaN where there are none."""
    labels, _ = pixel_kinds(batch.to(CPU))
    mask = labels >= 0
    return (values.cpu() * mask).sum(dim=(1, 2)) / mask.sum(dim=(1, 2))
