"""A second game, of a sampler's colours alone: those that noise drew against those that fit the true picture.

What the colours of a picture are is learned from K of them and not from all pixels, by relativistic pairs with R1 and
R2 as in the game of pictures. A true picture's colours are estimated from it, as PalGAN does (Wang et al. 2022, arXiv
2210.11204), by the shares that the network gives its drawing.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.models.critic import PaletteCritic
from gan.models.sampler import Drawn
from gan.training import losses

GAMMA = 0.1
"""Weight of both penalties, halved; of 0.02 to 2 the best in a game without pictures."""


@dataclass(frozen=True)
class Palettes:
    """Of each picture: true and drawn (B, K, 3) colours in [-1, 1], (B, K) their areas in [0, 1], (B, F) features."""

    true: Tensor
    drawn: Tensor
    areas: Tensor
    features: Tensor


def palettes_of(drawn: Drawn, light: Tensor, color: Tensor) -> Palettes:
    """The colours of drawings, (B, 1, H, W) of which is no ink, and of their true pictures (B, 3, H, W) in [-1, 1]."""
    true, areas = losses.fit(drawn.shares.detach(), light, color)
    return Palettes(true, drawn.palette, areas, drawn.features.detach())


def discriminator(judge: PaletteCritic, given: Palettes) -> tuple[Tensor, Tensor]:
    """() loss of the pairs, and () penalty, to be added to it."""
    both = [colors.detach().requires_grad_() for colors in (given.true, given.drawn)]
    logits = [judge(colors, given.areas, given.features) for colors in both]
    slopes = torch.autograd.grad([each.sum() for each in logits], both, create_graph=True)
    steepness = torch.stack([slope.square().sum(dim=(1, 2)).mean() for slope in slopes])
    return losses.discriminator("relativistic", *logits), GAMMA / 2 * steepness.sum()


def generator(judge: PaletteCritic, given: Palettes) -> Tensor:
    """() loss of the pairs for the colours that were drawn."""
    true, drawn = (judge(colors, given.areas, given.features) for colors in (given.true, given.drawn))
    return losses.generator("relativistic", drawn, true.detach())
