"""What the closed forms predict for the controlled data set, by enumeration of its palettes.

The canonical colour of a region is uniform over its palette, and replaced by a uniform draw with probability alpha. The
drawing tells which is canonical; the L1 and L2 optima are the per-channel median and mean of what is left open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from gan.arrays import Floats
from gan.data.palette import PALETTES, REGIONS, weighted_median
from gan.evaluation.score import HEADLINE_KINDS
from gan.metrics.cielab import srgb_to_lab


@dataclass(frozen=True)
class Prediction:
    """Of a region that is wholly covered; errors are mean absolute errors of RGB in [0, 1].

    l1, l2: sepia index of the optima. median_error, sampler_error: of the L1 optimum and of a draw from the truth.
    """

    l1: float
    l2: float
    median_error: float
    sampler_error: float


def predict(palette: Floats, alpha: float) -> Prediction:
    """The predictions for an (M, 3) palette at a dose of ambiguity."""
    count = len(palette)
    medians, means, error, sampler = [], [], 0.0, 0.0
    distances = np.abs(palette[:, None] - palette[None]).mean(axis=2)
    for canonical in range(count):
        weights = np.full(count, alpha / count)
        weights[canonical] += 1 - alpha
        median = weighted_median(palette, weights)
        medians.append(median)
        means.append(weights @ palette)
        error += float(weights @ np.abs(palette - median).mean(axis=1)) / count
        sampler += float(weights @ distances @ weights) / count
    true = _spread(palette)
    indices = [1 - float(np.sqrt(_spread(np.array(colors)) / true)) for colors in (medians, means)]
    return Prediction(indices[0], indices[1], error, sampler)


def _spread(rgb: Floats) -> float:
    """(M, 3) colours -> trace of the covariance of their (a, b)."""
    ab = srgb_to_lab(torch.from_numpy(rgb.T[None]))[0, 1:].numpy()
    return float(ab.var(axis=1).sum())


def predict_doses(alphas: Sequence[float]) -> list[Prediction]:
    """The predictions by dose for hair and background, whose mean `sepia_index` is; they share a palette."""
    return [predict(PALETTES[REGIONS.index(HEADLINE_KINDS[0])], alpha) for alpha in alphas]


def hinted_index(hinted: float, regions: int) -> float:
    """Sepia index of the L1 optimum with `hinted` of K independent regions hinted, chosen uniformly."""
    return 1 - float(np.sqrt(hinted / regions))
