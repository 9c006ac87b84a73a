"""Do hints fill the areas that they are meant for, and stay inside them?

Areas are known from outside: an avatar's regions, or the closed areas of a drawing. Everything is in CIELAB, of any
float type; a hint that is not there has an empty area. See docs/metrics.md.
"""

import torch
from torch import Tensor

from gan.metrics.cielab import ciede2000

ALIKE = 5.0
"""A pixel has a hint's colour up to this CIEDE2000."""
UNLIKE = 20.0
"""Where the truth is nearer than this to a hint's colour, that colour is no fault."""
MOST_S_L = 1.75
"""CIEDE2000 divides a difference of L by S_L = 1 + .015 (L - 50)^2 / sqrt(20 + (L - 50)^2), which is 1.747 at most."""
SAME = 0.01
"""Hints whose L, a and b differ by less are of one colour."""


def fill_and_bleed(lab: Tensor, true_lab: Tensor, areas: Tensor, hints: Tensor) -> tuple[Tensor, Tensor]:
    """How far each hint fills its area, and how much it colours elsewhere.

    fill: the share of its area within `ALIKE` of its colour. bleed: the pixels outside of it that are within `ALIKE`
    of its colour, and nearest to it among the hints, where the truth is not itself of a like colour (`UNLIKE`); over
    the pixels of its area. 1 and 0 are best. What is the mean and what the median over hints is for the caller to say.

    Args:
        lab, true_lab: (B, 3, H, W) CIELAB of the picture and of the truth.
        areas: (B, M, H, W) booleans, the area of each hint; hints of one colour must be one (`merged`).
        hints: (B, M, 3) CIELAB of the hints.

    Returns:
        (B, M) fill in [0, 1] and bleed from 0 on; NaN where an area is empty.
    """
    size = areas.sum(dim=(2, 3)).to(lab)
    distance = _near_distances(lab, hints, size > 0)
    alike = distance <= ALIKE
    kinds = torch.arange(areas.shape[1], device=lab.device)[:, None, None]
    fault = alike & ~areas & (distance.argmin(dim=1, keepdim=True) == kinds)
    picture, hint, row, column = fault.nonzero(as_tuple=True)
    true = ciede2000(true_lab[picture, :, row, column], hints[picture, hint])
    fault[picture, hint, row, column] = true >= UNLIKE
    area = torch.where(size > 0, size, torch.nan)
    return (alike & areas).sum(dim=(2, 3)) / area, fault.sum(dim=(2, 3)) / area


def _near_distances(lab: Tensor, hints: Tensor, there: Tensor) -> Tensor:
    """(B, M, H, W) CIEDE2000 of every pixel to every hint that is there, (B, M); infinite where it is above `ALIKE`.

    A difference is at least that of L over S_L: most pixels are too light or too dark for most hints to be looked at.
    """
    lightness = (lab[:, None, 0] - hints[..., 0, None, None]).abs()
    near = (lightness <= MOST_S_L * ALIKE) & there[..., None, None]
    picture, hint, row, column = near.nonzero(as_tuple=True)
    distance = torch.full_like(lightness, torch.inf)
    distance[picture, hint, row, column] = ciede2000(lab[picture, :, row, column], hints[picture, hint])
    return torch.where(distance <= ALIKE, distance, torch.inf)


def merged(areas: Tensor, hints: Tensor) -> Tensor:
    """The (B, M, H, W) areas of hints of one colour, (B, M, 3) CIELAB, as that of the first; the others' empty."""
    there = areas.flatten(2).any(dim=2)
    same = ((hints[:, :, None] - hints[:, None]).abs() < SAME).all(dim=3) & there[:, :, None] & there[:, None]
    first = ~same.tril(diagonal=-1).any(dim=2)  # (B, M): none before it is of its colour
    together = torch.einsum("bmn,bnhw->bmhw", same.float(), areas.float()) > 0
    return together & first[..., None, None]
