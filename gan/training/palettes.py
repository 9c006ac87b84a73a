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
LEAST = 0.01
"""Share of a picture from which on it has a colour."""


@dataclass(frozen=True)
class Palettes:
    """Of each picture: true and drawn (B, K, 3) colours in [-1, 1], and (B, K) 1 for those that it has."""

    true: Tensor
    drawn: Tensor
    there: Tensor


def palettes_of(drawn: Drawn, light: Tensor, color: Tensor) -> Palettes:
    """The colours of drawings, (B, 1, H, W) of which is no ink, and of their true pictures (B, 3, H, W) in [-1, 1]."""
    true, areas = losses.fit(drawn.shares.detach(), light, color)
    return Palettes(true, drawn.palette, (areas > LEAST).float())


def discriminator(judge: PaletteCritic, palettes: Palettes) -> tuple[Tensor, Tensor]:
    """() loss of the pairs, and () penalty, to be added to it."""
    both = [colors.detach().requires_grad_() for colors in (palettes.true, palettes.drawn)]
    logits = [judge(colors, palettes.there) for colors in both]
    slopes = torch.autograd.grad(torch.cat(logits).sum(), both, create_graph=True)
    penalty = sum((slope.square().sum(dim=(1, 2)).mean() for slope in slopes), start=torch.zeros(()))
    return losses.discriminator("relativistic", *logits), GAMMA / 2 * penalty


def generator(judge: PaletteCritic, palettes: Palettes) -> Tensor:
    """() loss of the pairs for the colours that were drawn."""
    return losses.generator(
        "relativistic", judge(palettes.drawn, palettes.there), judge(palettes.true, palettes.there).detach()
    )
