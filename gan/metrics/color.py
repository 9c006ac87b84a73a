"""Colour metrics over a test set: how much colour is there, and does it vary as the truth does?

Only scored pixels count: no ink, and where regions are known only their cores. Each scored pixel is of one kind (hair,
skin, background; or a cell of a grid). Everything is computed in CIELAB and float64. See docs/metrics.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.metrics.cielab import ciede2000

CORE = 0.98
"""Least coverage of a scored pixel and of its eight neighbours."""
BINS = {"L": (0, 100), "a": (-110, 110), "b": (-110, 110)}
"""Ranges of the histograms, in bins of one unit (Isola et al. 2017, fig. 7)."""


def region_labels(regions: Tensor) -> Tensor:
    """(B, K, H, W) coverage in [0, 1] -> (B, H, W) kinds, -1 where not scored: the cores, eroded by 1 px."""
    inside = (regions >= CORE).float()
    padded = F.pad(inside, (1, 1, 1, 1), value=1.0)  # the picture's edge erodes nothing
    core = -F.max_pool2d(-padded, 3, stride=1)
    kinds = torch.arange(regions.shape[1], device=regions.device)[:, None, None]
    return torch.where(core > 0, kinds, -1).amax(dim=1)  # cores of two regions do not overlap


def grid_labels(line: Tensor, cells: int = 8) -> Tensor:
    """(B, 1, H, W) line -> (B, H, W) kinds: the cell of a cells x cells grid, -1 on ink (darker than mid-grey)."""
    height, width = line.shape[-2:]
    row = torch.arange(height, device=line.device) * cells // height
    column = torch.arange(width, device=line.device) * cells // width
    return torch.where(line[:, 0] >= 0, row[:, None] * cells + column, -1)


@dataclass(frozen=True)
class Moments:
    """Sums over the scored pixels of one kind in one picture: (N, K) tensors, and (N, K, 3) for `total`."""

    count: Tensor
    total: Tensor
    """Sums of L, a and b."""
    square: Tensor
    """Sum of a^2 + b^2."""
    chroma: Tensor
    """Sum of sqrt(a^2 + b^2)."""

    @property
    def mean(self) -> Tensor:
        """(N, K, 3) mean colours; NaN where a picture has no pixel of a kind."""
        return self.total / self.count[..., None]

    @property
    def variance(self) -> Tensor:
        """(N, K) trace of the covariance of (a, b) inside one kind of one picture."""
        return (self.square / self.count - self.mean[..., 1:].square().sum(dim=-1)).clamp_min(0)


def moments(lab: Tensor, labels: Tensor, kinds: int) -> Moments:
    """(B, 3, H, W) CIELAB and (B, H, W) labels -> the moments of each kind in each picture."""
    batch = len(lab)
    picture = torch.arange(batch, device=lab.device)[:, None, None].expand_as(labels)
    scored = labels >= 0
    slot = (picture * kinds + labels)[scored]
    pixels = lab.double().permute(0, 2, 3, 1)[scored]  # (P, 3)
    square = pixels[:, 1:].square().sum(dim=1, keepdim=True)
    columns = torch.cat([torch.ones_like(square), pixels, square, square.sqrt()], dim=1)  # (P, 6)
    sums = torch.zeros(batch * kinds, 6, dtype=torch.float64, device=lab.device).index_add_(0, slot, columns)
    sums = sums.view(batch, kinds, 6)
    return Moments(sums[..., 0], sums[..., 1:4], sums[..., 4], sums[..., 5])


def concatenate(parts: list[Moments]) -> Moments:
    """The moments of several batches as those of one."""
    return Moments(
        torch.cat([part.count for part in parts]),
        torch.cat([part.total for part in parts]),
        torch.cat([part.square for part in parts]),
        torch.cat([part.chroma for part in parts]),
    )


def sepia_index(fake: Moments, true: Moments) -> Tensor:
    """(K,) 1 - sqrt(tr Cov(ab of fake) / tr Cov(ab of true)) over one mean (a, b) per kind and picture.

    0: the colours vary from picture to picture as the truth does; 1: one tint everywhere; below 0: they vary more.
    NaN for a kind that fewer than two pictures have, or whose true colour never varies.
    """
    return 1 - torch.sqrt(_dispersion_of_means(fake) / _positive(_dispersion_of_means(true)))


def sepia_index_px(fake: Moments, true: Moments) -> Tensor:
    """(K,) as `sepia_index`, over all scored pixels: a region mottled in many colours is not sepia here."""
    return 1 - torch.sqrt(_dispersion_of_pixels(fake) / _positive(_dispersion_of_pixels(true)))


def _dispersion_of_means(part: Moments) -> Tensor:
    present = (part.count > 0)[..., None]
    number = present.sum(dim=0)
    mean = torch.where(present, part.mean, 0.0)[..., 1:]
    centre = mean.sum(dim=0) / number
    return (torch.where(present, mean - centre, 0.0).square().sum(dim=0) / (number - 1)).sum(dim=-1)


def _dispersion_of_pixels(part: Moments) -> Tensor:
    number = part.count.sum(dim=0)
    centre = part.total[..., 1:].sum(dim=0) / number[:, None]
    return (part.square.sum(dim=0) / number - centre.square().sum(dim=-1)).clamp_min(0)


def _positive(value: Tensor) -> Tensor:
    return torch.where(value > 1e-12, value, torch.nan)


def ab_std(part: Moments) -> Tensor:
    """(K,) standard deviation of (a, b) inside a kind, averaged over pictures: 0 for flat fills."""
    return part.variance.sqrt().nanmean(dim=0)


PER_KIND: dict[str, Callable[[Moments, Moments], Tensor]] = {
    "sepia_index": sepia_index,
    "sepia_index_px": sepia_index_px,
    "ab_std": lambda fake, _: ab_std(fake),
}
"""Name -> (K,) metric of each kind, of the fakes beside the truth; `gan.evaluation.score` measures every one."""


def chroma_ratio(fake: Moments, true: Moments) -> Tensor:
    """() mean C* of the fake over mean C* of the truth, over all scored pixels."""
    return fake.chroma.sum() / true.chroma.sum()


def moments_by_place(lab: Tensor, labels: Tensor) -> Tensor:
    """(B, 3, H, W) CIELAB and (B, H, W) labels -> (5, H, W): at each place, over the pictures that are scored there,
    their number, the sums of L, a and b, and the sum of L^2 + a^2 + b^2. Those of several batches add up."""
    scored = (labels >= 0)[:, None]
    pixels = torch.where(scored, lab.double(), 0.0)
    return torch.cat([scored, pixels, pixels.square().sum(dim=1, keepdim=True)], dim=1).sum(dim=0)


def variety(fake: Tensor, true: Tensor) -> Tensor:
    """() how much the pictures of different drawings differ, over how much the true ones do; of `moments_by_place`.

    The standard deviation of (L, a, b) at a place over the pictures, averaged over the places that are scored in two
    pictures. 0: one picture whatever the drawing is. A network that paints one tint a kind of region is above it, since
    the kinds lie elsewhere in each drawing. NaN where the truth never varies.
    """
    spread = _spread_over_pictures(true)
    return _spread_over_pictures(fake) / torch.where(spread > 1e-3, spread, torch.nan)  # above what rounding leaves


def _spread_over_pictures(places: Tensor) -> Tensor:
    count, total, square = places[0], places[1:4], places[4]
    variance = (square / count - (total / count).square().sum(dim=0)).clamp_min(0)
    return variance[count > 1].sqrt().mean()


def colorfulness(unit: Tensor) -> Tensor:
    """(B, 3, H, W) pictures in [0, 1] -> (B,) colourfulness, in 8-bit units: 0 for grey, above 80 for vivid ones.

    Hasler and Suesstrunk 2003 (Measuring colourfulness in natural images), sec. 3: the spread of two opponent channels
    and .3 of how far their mean is from grey. Mottle is colourful, too.
    """
    red, green, blue = (255 * unit.double()).unbind(dim=1)
    opponents = torch.stack([red - green, (red + green) / 2 - blue], dim=1).flatten(2)  # (B, 2, P)
    spread = opponents.var(dim=2, correction=0).sum(dim=1).sqrt()
    return spread + 0.3 * opponents.mean(dim=2).square().sum(dim=1).sqrt()


def histograms(lab: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """Counts of the scored pixels in 1-unit bins of L, a and b; values beyond the range fall in the outer bins."""
    scored = lab.permute(0, 2, 3, 1)[labels >= 0]
    return {
        name: torch.bincount((scored[:, axis].floor().long() - low).clamp(0, high - low - 1), minlength=high - low)
        for axis, (name, (low, high)) in enumerate(BINS.items())
    }


def intersection(fake: Tensor, true: Tensor) -> Tensor:
    """() overlap of two histograms, each normalised to 1: 1 where they agree (Isola et al. 2017, sec. 5.1)."""
    return torch.minimum(fake / fake.sum(), true / true.sum()).sum()


def palette_use(mean_lab: Tensor, palette_lab: Tensor, radius: float = 5.0) -> tuple[Tensor, Tensor]:
    """How often a mean colour is a palette colour, and how evenly the palette is used.

    Args:
        mean_lab: (N, 3) mean colours of one kind of region.
        palette_lab: (M, 3) palette.
        radius: a hit is within this CIEDE2000 of a palette colour.

    Returns:
        The share of hits, and the entropy in bits of the palette colours that the hits are nearest to: log2 M where all
        are used evenly, 0 for a network that has collapsed to one colour, or that hits none.
    """
    count, colors = len(mean_lab), len(palette_lab)
    left = mean_lab[:, :, None].expand(count, 3, colors)
    right = palette_lab.T[None].expand(count, 3, colors)
    distance, nearest = ciede2000(left, right).min(dim=1)
    hit = distance <= radius
    share = torch.bincount(nearest[hit], minlength=colors) / hit.sum().clamp_min(1)
    return hit.double().mean(), torch.special.entr(share.double()).sum() / torch.log(torch.tensor(2.0))
