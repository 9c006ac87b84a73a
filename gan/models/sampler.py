"""A generator that draws: (B, C, H, W) and (B, Z) noise -> (B, 3 + E, H, W) in [-1, 1].

A U-Net that has noise as one more input must learn at every pixel anew that an area has one colour; while it has not,
regions are mottled. Here the decision is the picture's: noise draws K colours, and the network, which sees no noise,
says of every pixel which of them it has:

    color(x) = sum_k softmax_k(net_k(x)) c_k(z)

A palette as an image's own code is known from colourisation (Wang et al. 2022, PalGAN, arXiv 2210.11204), which
estimates it from a true picture.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from gan.models.layers import paper, under
from gan.models.unet import UNet

HIDDEN = 64
"""Width of the three layers between noise and colours."""
SPREAD = 0.2
"""Standard deviation of the weights that shares are made with: they differ from pixel to pixel from the start."""


class Sampler(nn.Module):
    """A network of shares, and colours that noise draws.

    Args:
        network: (B, C, H, W) -> (B, K + E, H, W).
        noise: Z, numbers of noise a picture.
        colors: K, colours that a picture is mixed of.
        inked: the pictures have the ink of the drawing, the first channel, which is multiplied in.
    """

    def __init__(self, network: UNet, *, noise: int, colors: int, inked: bool) -> None:
        super().__init__()
        self.network, self.colors, self.inked = network, colors, inked
        for layer in network.up[0].modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(layer.weight, 0.0, SPREAD)
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise([noise, HIDDEN, HIDDEN, HIDDEN]):
            hidden = nn.Linear(fan_in, fan_out)
            nn.init.kaiming_normal_(hidden.weight, 0.2)
            layers += [hidden, nn.LeakyReLU(0.2)]
        last = nn.Linear(HIDDEN, 3 * colors)
        nn.init.normal_(last.weight, 0.0, HIDDEN**-0.5)  # colours all over the cube, and not in its corners
        self.palette = nn.Sequential(*layers, last, nn.Tanh())

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """(B, C, H, W), (B, Z) -> (B, 3 + E, H, W) in [-1, 1]: the picture, and what else the network says."""
        seen = self.network.unbounded(x)
        shares = seen[:, : self.colors].softmax(dim=1)  # (B, K, H, W)
        palette = self.palette(noise).view(-1, self.colors, 3)
        color = torch.einsum("bkhw,bkc->bchw", shares, palette)
        return torch.cat([under(color, paper(x)) if self.inked else color, torch.tanh(seen[:, self.colors :])], dim=1)
