"""A generator that classifies: (B, C, H, W) -> (B, 3, H, W) in [-1, 1], by how likely each of Q colours is at a pixel.

Colouring without regression, and without a game (Zhang, Isola, Efros 2016, arXiv 1603.08511): a likelihood over colours
has several peaks where a regression has their mean. The picture is the annealed mean of the likelihoods, their mode at
temperature 0 and their mean at 1 (sec. 2.3, eq. 5); here in sRGB, where it cannot leave the gamut.
"""

import torch
from torch import Tensor, nn

from gan.models.layers import paper, under
from gan.models.unet import UNet

TEMPERATURE = 0.38
"""Between the vividness of a mode and the coherence of a mean (Zhang et al. 2016, sec. 2.3)."""
AT_ONCE = 2**16
"""Pixels whose likelihoods are held in memory at once while a picture is made."""


def annealed_mean(logits: Tensor, colors: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """(P, Q) logits, (Q, 3) colours -> (P, 3): the mean by exp(log z / T) / sum exp(log z / T) (eq. 5)."""
    return (logits / temperature).softmax(dim=1) @ colors


class Classifier(nn.Module):
    """A network of features, and a layer over them that says of each class how likely it is.

    Args:
        network: (B, C, H, W) -> (B, features, H, W).
        features: E, channels of the network's output; a U-Net of Q channels would cost several times the rest of it.
        colors: (Q, 3) in [-1, 1], of the classes.
        inked: the pictures have the ink of the drawing, the first channel, which is multiplied in.

    `weights` (Q,) are what a pixel of each class counts in training (`gan.training.classification`); 1 until they are
    set.
    """

    colors: Tensor
    weights: Tensor

    def __init__(self, network: UNet, *, features: int, colors: Tensor, inked: bool) -> None:
        super().__init__()
        self.network, self.inked = network, inked
        self.head = nn.Linear(features, len(colors))
        self.register_buffer("colors", colors)
        self.register_buffer("weights", torch.ones(len(colors)))

    def look(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, H, W, E): what the network says of the pixels; `head` makes (..., Q) logits of it."""
        return self.network.unbounded(x).relu().movedim(1, -1)

    def share(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, 1, H, W) in [0, 1]: of what is no ink; 1 where the pictures have none."""
        return paper(x) if self.inked else torch.ones_like(x[:, :1])

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, 3, H, W) in [-1, 1]."""
        seen = self.look(x)
        pieces = torch.split(seen.flatten(0, 2), AT_ONCE)  # (P, E)
        color = torch.cat([annealed_mean(self.head(piece), self.colors) for piece in pieces])
        return under(color.view(*seen.shape[:3], 3).movedim(-1, 1), self.share(x))
