"""How a sampler's draws of one drawing differ: what of a palette they reach, and whether they tell regions apart.

Colours are mean CIELAB colours of one kind of region, (D, N, 3) for D draws of N drawings, NaN where a drawing has
none of the kind; a palette is (M, 3) CIELAB. A colour is of the palette colour that it lies within `radius` of
(CIEDE2000), or of none.
"""

import torch
from torch import Tensor

from gan.metrics.cielab import ciede2000

NONE = -1
"""Index of a colour that is no palette colour."""


def palette_index(colors: Tensor, palette: Tensor, radius: float = 5.0) -> Tensor:
    """(..., 3) colours -> (...) index of the palette colour that each is, `NONE` where it is none."""
    flat = colors.reshape(-1, 3)
    left = flat[:, :, None].expand(-1, 3, len(palette))
    distance, nearest = ciede2000(left, palette.T[None].expand_as(left)).min(dim=1)
    return torch.where(distance <= radius, nearest, NONE).view(colors.shape[:-1])  # NaN is within no radius


def palette_reach(indices: Tensor, colors: int) -> Tensor:
    """() how many of M palette colours the draws of a drawing reach: (D, N) indices -> the mean over drawings."""
    reached = torch.stack([(indices == color).any(dim=0) for color in range(colors)])  # (M, N)
    return reached.sum(dim=0).double().mean()


def mutual_information(one: Tensor, other: Tensor, colors: int) -> Tensor:
    """() bits that the colour of one region tells of another's, over all draws of all drawings: 0 where it tells none.

    Of counts, less the bias of counting (Miller 1955; Roulston 1999, Physica D 125, eq. 15): near 0, it may be below.

    Args:
        one, other: (D, N) palette indices; draws in which either is none are left out.
        colors: M, of both palettes.
    """
    both = (one != NONE) & (other != NONE)
    counts = torch.bincount(one[both] * colors + other[both], minlength=colors * colors).double()
    joint = counts.view(colors, colors)
    sides = joint.sum(dim=1), joint.sum(dim=0)
    total = counts.sum()
    entropies = [torch.special.entr(part / total).sum() for part in (*sides, counts)]
    seen_one, seen_other, seen = ((part > 0).sum() for part in (*sides, counts))
    bias = (seen - seen_one - seen_other + 1) / (2 * total)
    bits: Tensor = (entropies[0] + entropies[1] - entropies[2] - bias) / torch.log(torch.tensor(2.0))
    return bits
