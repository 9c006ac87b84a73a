"""Palettes, the dose of ambiguity, and the closed-form answers of a regression.

The regions of an avatar are flat fills, so `pixel = base - sum_k coverage_k * (white - color_k)`; given the drawing,
the distribution of the colours is known exactly, and so are the pictures that minimise the expected L1 and L2 losses:
the per-channel conditional median and mean, in the sRGB values that the network is trained on. All colours are in
[0, 1].
"""

from dataclasses import dataclass

import numpy as np

from gan.arrays import Floats, Ints

REGIONS = ("hair", "skin", "background")
"""The recolourable regions, in the order of the coverage maps."""

WARM7 = ("8b5a2b", "3b6fd4", "e08a2e", "c23b3b", "4fa85b", "f0d27a", "8e4fb5")
SKIN5 = ("f6d7b8", "e0ac86", "c2875a", "9a5f3a", "6b3a1f")


def from_hex(color: str) -> tuple[float, float, float]:
    """rrggbb -> three numbers in [0, 1]."""
    red, green, blue = bytes.fromhex(color)
    return red / 255, green / 255, blue / 255


PALETTES: tuple[Floats, ...] = tuple(
    np.array([from_hex(color) for color in palette]) for palette in (WARM7, SKIN5, WARM7)
)
"""One (M_k, 3) palette a region. M is odd, and no channel's distribution function passes near 0.5 but at the median."""


@dataclass(frozen=True)
class Coloring:
    """The conditional distribution of a character's colours: what the drawing tells, and how much it is worth.

    canonical: (K,) index into each palette; a function of the hair variant, which the drawing shows.
    alpha: the probability that a region ignores its canonical colour and draws uniformly.
    """

    canonical: tuple[int, ...]
    alpha: float

    def draw(self, rng: np.random.Generator, known: Ints | None = None) -> Ints:
        """(K,) palette indices: canonical with probability 1 - alpha, else uniform; as `known` where that is >= 0."""
        ignored = rng.random(len(PALETTES)) < self.alpha
        uniform = rng.integers([len(palette) for palette in PALETTES])
        drawn = np.where(ignored, uniform, self.canonical)
        return drawn if known is None else np.where(known >= 0, known, drawn)

    def weights(self, region: int) -> Floats:
        """(M,) probabilities of the palette colours of a region."""
        count = len(PALETTES[region])
        weights = np.full(count, self.alpha / count)
        weights[self.canonical[region]] += 1 - self.alpha
        return weights


def colors_of(indices: Ints) -> Floats:
    """(K,) palette indices -> (K, 3) colours."""
    return np.array([palette[index] for palette, index in zip(PALETTES, indices, strict=True)])


def paint(base: Floats, coverage: Floats, colors: Floats) -> Floats:
    """Fill the regions: (..., 3, H, W) base, (..., K, H, W) coverage, (..., K, 3) colours -> as base, in [0, 1]."""
    painted: Floats = np.clip(base - np.einsum("...khw,...kc->...chw", coverage, 1 - colors), 0, 1)
    return painted


def weighted_median(values: Floats, weights: Floats) -> Floats:
    """(N, ...) values with (N,) weights -> (...) medians: the smallest value with at least half of the weight below.

    The closed form of argmin_x sum_n w_n |x - v_n|; unique where the distribution function does not touch 0.5.
    """
    order = np.argsort(values, axis=0, kind="stable")
    reached = np.cumsum(weights[order], axis=0) >= 0.5 * weights.sum() - 1e-12
    first = np.argmax(reached, axis=0)[None]
    median: Floats = np.take_along_axis(np.take_along_axis(values, order, axis=0), first, axis=0)[0]
    return median


def _known(coloring: Coloring, hinted: Ints | None) -> list[Floats]:
    """A weight vector a region; a hinted region (index >= 0 in `hinted`) has all its weight on the hinted colour."""
    vectors = [coloring.weights(region) for region in range(len(PALETTES))]
    for region, index in enumerate([] if hinted is None else hinted):
        if index >= 0:
            vectors[region] = np.eye(len(vectors[region]))[index]
    return vectors


def bayes_l2(base: Floats, coverage: Floats, coloring: Coloring, hinted: Ints | None = None) -> Floats:
    """The picture with the least expected L2 error: the conditional mean, (3, H, W) in [0, 1].

    Args:
        base: (3, H, W) the character with white regions.
        coverage: (K, H, W) coverage maps.
        coloring: the conditional distribution of the colours.
        hinted: (K,) the palette index of each region that a hint gives away, -1 where there is none.
    """
    means = [weights @ palette for weights, palette in zip(_known(coloring, hinted), PALETTES, strict=True)]
    return paint(base, coverage, np.array(means))


def bayes_l1(base: Floats, coverage: Floats, coloring: Coloring, hinted: Ints | None = None) -> Floats:
    """The picture with the least expected L1 error: the per-channel conditional median. Arguments as `bayes_l2`.

    A pixel that one region covers has the median of that region's palette under its ink. Where regions meet, the median
    of the mixture is not the mixture of the medians, so every combination of colours is weighed there.
    """
    weights = _known(coloring, hinted)
    medians = [weighted_median(palette, vector) for palette, vector in zip(PALETTES, weights, strict=True)]
    picture = paint(base, coverage, np.array(medians))
    mixed = (coverage > 0).sum(axis=0) > 1
    picture[:, mixed] = _mixed_median(base[:, mixed], coverage[:, mixed], weights)
    return picture


def _mixed_median(base: Floats, coverage: Floats, weights: list[Floats]) -> Floats:
    """(3, P) base and (K, P) coverage of some pixels -> (3, P) medians over all combinations of palette colours."""
    values, joint = _combinations(base, coverage, weights)
    return weighted_median(values, joint)


def _combinations(base: Floats, coverage: Floats, weights: list[Floats]) -> tuple[Floats, Floats]:
    """(N, 3, P) some pixels in every possible combination of palette colours, and the (N,) probability of each."""
    grids = np.meshgrid(*[np.arange(len(vector)) for vector in weights], indexing="ij")
    choices = np.stack([grid.ravel() for grid in grids])  # (K, N)
    joint = np.prod([vector[index] for vector, index in zip(weights, choices, strict=True)], axis=0)
    possible = joint > 0
    choices, joint = choices[:, possible], joint[possible]
    values = np.tile(base, (len(joint), 1, 1))  # (N, 3, P)
    for region, palette in enumerate(PALETTES):
        values -= (1 - palette[choices[region]])[:, :, None] * coverage[region]
    return np.clip(values, 0, 1), joint


def sampler_error(base: Floats, coverage: Floats, color: Floats, coloring: Coloring) -> Floats:
    """(H, W) expected absolute error, a mean over channels, of a draw from the conditional distribution without hints.

    Args:
        base, coverage, coloring: as `bayes_l2`.
        color: (3, H, W) in [0, 1], the true picture.
    """
    error = np.zeros(color.shape[1:])
    colored = coverage.any(axis=0)
    values, joint = _combinations(base[:, colored], coverage[:, colored], _known(coloring, None))
    error[colored] = joint @ np.abs(values - color[:, colored]).mean(axis=1)
    return error
