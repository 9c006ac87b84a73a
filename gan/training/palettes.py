"""What is learned about a sampler's colours alone, and not about its picture.

The colours of a true picture are estimated from it, as PalGAN does (Wang et al. 2022, arXiv 2210.11204), by the shares
that the network gives its drawing. Of K colours is learned in hundreds of steps what a critic of all pixels teaches in
thousands:

* a likelihood teaches the paints, and which of them a drawing makes likely. It draws nothing: even odds stay even;
* a second game, by relativistic pairs with R1 and R2 as in the game of pictures, teaches which colours occur together
  and how often; where colours are drawn by odds (gan/models/odds.py), each by itself, how often alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.models.critic import LEAST_AREA, PaletteCritic
from gan.models.layers import under
from gan.models.paints import Colors
from gan.models.sampler import Drawn
from gan.training import losses

DEVIATION = 0.1
"""Standard deviation of a true colour about its paint, of colours in [-1, 1]."""
WIDTHS = (0.5, 0.25, 0.25)
"""Standard deviations of what is near, from pass to pass."""
GAMMA = 0.1
"""Weight of both penalties, halved: that of the trials in experiments/README.md, and not sought any further."""


@dataclass(frozen=True)
class Palettes:
    """Of each picture: its (B, K, 3) colours in [-1, 1], those drawn, (B, K) areas in [0, 1], (B, F) features."""

    true: Tensor
    drawn: Colors
    areas: Tensor
    features: Tensor


def palettes_of(drawn: Drawn, light: Tensor, color: Tensor) -> Palettes:
    """The colours of drawings, (B, 1, H, W) of which is no ink, and of their true pictures (B, 3, H, W) in [-1, 1]."""
    shares = drawn.shares.detach()
    true, areas = losses.fit(shares, light, color)
    return Palettes(_prevailing(true, shares, light, color), drawn.colors, areas, drawn.features.detach())


def _prevailing(mean: Tensor, shares: Tensor, light: Tensor, color: Tensor) -> Tensor:
    """The mean of what is near to the mean, again and again (mean shift, Cheng 1995): what is of another colour, such
    as an eye in a face, has no part in it.

    Args:
        mean: (B, K, 3), to begin with. shares, light, color: as those of `losses.fit`.
    """
    for width in WIDTHS:
        shown = under(mean[..., None, None], light[:, None])  # (B, K, 3, H, W), in the ink
        distance = (shown - color[:, None]).square().sum(dim=2)
        near = shares * torch.exp(distance / (-2 * width**2))
        mean = torch.einsum("bkhw,bchw->bkc", near, color + 1)
        mean = mean / (near * light).sum(dim=(2, 3)).clamp_min(1e-3)[..., None] - 1
    return mean


def discriminator(judge: PaletteCritic, given: Palettes) -> tuple[Tensor, Tensor]:
    """() loss of the pairs, and () penalty, to be added to it."""
    both = [colors.detach().requires_grad_() for colors in (given.true, given.drawn.palette)]
    logits = [judge(colors, given.areas, given.features) for colors in both]
    slopes = torch.autograd.grad([each.sum() for each in logits], both, create_graph=True)
    steepness = torch.stack([slope.square().sum(dim=(1, 2)).mean() for slope in slopes])
    return losses.discriminator("relativistic", *logits), GAMMA / 2 * steepness.sum()


def generator(judge: PaletteCritic, given: Palettes) -> Tensor:
    """() loss of the pairs for the colours that were drawn."""
    true, drawn = (judge(colors, given.areas, given.features) for colors in (given.true, given.drawn.palette))
    return losses.generator("relativistic", drawn, true.detach())


def likelihood(given: Palettes) -> Tensor:
    """() how badly the drawing's say and the paints explain the colours of true pictures: a mean over those they have.

    -log sum_m softmax_m(says) exp(-|true - paint_m|^2 / 2 DEVIATION^2): a mixture (Bishop 1994, Mixture Density
    Networks), which pulls a paint to the colours nearest to it, and none to a mean of all.
    """
    distance = (given.true.detach()[:, :, None] - given.drawn.paints).square().sum(dim=3)  # (B, K, M)
    odds = given.drawn.says.log_softmax(dim=2) - distance / (2 * DEVIATION**2)
    there = given.areas > LEAST_AREA
    return -(odds.logsumexp(dim=2) * there).sum() / there.sum().clamp_min(1)
