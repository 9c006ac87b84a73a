"""Colours in classes, for a network that says of each pixel how likely each of them is.

Zhang, Isola, Efros 2016 (arXiv 1603.08511, sec. 2.1) quantise (a, b) alone, for a grey photograph gives L away. Line
art does not, so that these are classes of the whole colour: cells of a cubic grid in CIELAB that hold colours of sRGB.
"""

from functools import cache

import torch
from torch import Tensor

from gan.metrics.cielab import srgb_to_lab

CELL = 18.0
"""Side of a cell in CIELAB, which makes 297 classes, about Zhang's 313. A colour comes back from its soft encoding,
annealed, at CIEDE2000 2.3 on average, the avatars' at 4.4 at most; 14 would make 548 classes for 1.8, 22 188 for 2.7.
"""
NEAREST = 5
"""Classes among which a colour is shared."""
SPREAD = CELL / 2
"""Standard deviation of the shares, half a cell as in Zhang et al."""
LEVELS = 33
"""Levels a channel at which the gamut is looked at: 8 of 8 bit apart."""


@cache
def class_colors() -> Tensor:
    """(Q, 3) sRGB in [0, 1]: of each class the mean of the colours in its cell, so that none lies outside the gamut."""
    levels = torch.linspace(0, 1, LEVELS, dtype=torch.float64)
    gamut = torch.cartesian_prod(levels, levels, levels)  # (N, 3)
    lab = srgb_to_lab(gamut.T[None])[0].T
    _, cell, count = torch.unique((lab / CELL).round(), dim=0, return_inverse=True, return_counts=True)
    sums = torch.zeros(len(count), 3, dtype=torch.float64).index_add_(0, cell, gamut)
    means: Tensor = sums / count[:, None]
    return means.float()


def encode(unit: Tensor, colors: Tensor) -> tuple[Tensor, Tensor]:
    """(P, 3) colours in [0, 1] and (Q, 3) those of the classes -> (P, 5) the nearest classes, first the very nearest,
    and (P, 5) each one's share, by a Gaussian of the distance in CIELAB; the shares of a colour add up to 1.

    Zhang et al. 2016, sec. 2.1: the soft encoding Z, of which the other classes have nothing.
    """
    lab, centres = (srgb_to_lab(each.T[None])[0].T for each in (unit, colors))
    distances, classes = torch.cdist(lab, centres).topk(NEAREST, largest=False)
    return classes, (-distances.square() / (2 * SPREAD**2)).softmax(dim=1)
