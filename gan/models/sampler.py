"""A generator that draws: (B, C, H, W) and (B, N) noise -> (B, 3 + E, H, W) in [-1, 1].

A U-Net that has noise as one more input must learn at every pixel anew that an area has one colour; while it has not,
regions are mottled. Here the decision is the picture's: noise draws K colours, and the network, which sees no noise,
says of every pixel which of them it has:

    color(x) = sum_k softmax_k(net_k(x)) c_k,    c_k = sum_m softmax_m(s (n_km(z) + d_km)) paint_m

with z the noise, n_k a small network, d_k what the drawing says of the M paints of all pictures; or, where the choice
is by odds, the paint that `gan.models.odds` draws. Where pictures are shaded, a grey is added to it, the network's too,
whose mean over each colour's area is 0. A palette as a picture's own code is known from colourisation (Wang et al.
2022, PalGAN, arXiv 2210.11204), which estimates it from a true picture. So are the shares judged here, without a pull
towards any mean (`gan.training.losses.fitted`), and the colours without their picture (`gan.training.palettes`).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.models.layers import paper, under
from gan.models.odds import Odds
from gan.models.paints import Colors
from gan.models.unet import UNet

Choice = Literal["network", "odds"]
HIDDEN = 64
"""Width of the three layers between noise and colours."""
PAINTS = 64
"""Paints in the box that colours are taken from."""
SHARPNESS = 10.0
"""Of the choice among them: what is mixed evenly at first would have to learn to choose."""
SPREAD = 0.2
"""Standard deviation of the weights that shares are made with: they differ from pixel to pixel from the start."""


@dataclass(frozen=True)
class Drawn:
    """What a sampler makes of a drawing.

    color: (B, 3, H, W) in [-1, 1]. colors: those it is mixed of. shares: (B, K, H, W), of each of them. features:
    (B, F), what the drawing is like. more: (B, E, H, W) in [-1, 1], what else the network says. shade: (B, 1, H, W) in
    [-2, 2], what is added to the colours; (B, 1, 1, 1) of 0 where pictures are not shaded.
    """

    color: Tensor
    colors: Colors
    shares: Tensor
    features: Tensor
    more: Tensor
    shade: Tensor


class Sampler(nn.Module):
    """A network of shares, and colours that noise draws.

    Args:
        network: (B, C, H, W) -> (B, K + E, H, W), one channel more with shading.
        noise: Z; a picture has N = (K + 1) Z numbers of noise; K Z where the choice is by odds.
        colors: K, colours that a picture is mixed of.
        inked: the pictures have the ink of the drawing, the first channel, which is multiplied in.
        shaded: the network says how much lighter or darker a pixel is than its colour.
        choice: how a colour is chosen: network, by `Palette`; odds, by `Odds`.
    """

    def __init__(
        self, network: UNet, *, noise: int, colors: int, inked: bool, shaded: bool = False, choice: Choice = "network"
    ) -> None:
        super().__init__()
        self.network, self.colors, self.inked, self.shaded = network, colors, inked, shaded
        for layer in network.up[0].modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(layer.weight, 0.0, SPREAD)
        chosen = Odds if choice == "odds" else Palette
        self.palette = chosen(noise=noise, colors=colors, features=network.widths[-1])

    def draw(self, x: Tensor, noise: Tensor) -> Drawn:
        """(B, C, H, W), (B, N) -> the picture, and what it was mixed of."""
        levels = self.network.encode(x)
        seen = self.network.decode(levels).float()
        with torch.autocast(x.device.type, enabled=False):  # colours are exact
            # of one size, or what the drawing says soon drowns what noise says
            features = F.layer_norm(levels[-1].float().mean(dim=(2, 3)), self.network.widths[-1:])
            colors = self.palette(noise, features)
            shares = seen[:, : self.colors].softmax(dim=1)  # (B, K, H, W)
            color = torch.einsum("bkhw,bkc->bchw", shares, colors.palette)
            more = torch.tanh(seen[:, self.colors :])
            shade = color.new_zeros(len(color), 1, 1, 1)
            if self.shaded:
                shade, more = _within(shares, more[:, :1]), more[:, 1:]
                color = (color + shade).clamp(-1, 1)
        color = under(color, paper(x)) if self.inked else color
        return Drawn(color, colors, shares, features, more, shade)

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """(B, C, H, W), (B, N) -> (B, 3 + E, H, W) in [-1, 1]: the picture, and what else the network says."""
        drawn = self.draw(x, noise)
        return torch.cat([drawn.color, drawn.more], dim=1)


def _within(shares: Tensor, shade: Tensor) -> Tensor:
    """(B, 1, H, W) less its mean over each colour's area: how light a colour is, is drawn."""
    means = torch.einsum("bkhw,bchw->bkc", shares, shade) / shares.sum(dim=(2, 3)).clamp_min(1e-3)[..., None]
    return shade - torch.einsum("bkhw,bkc->bchw", shares, means)


class Palette(nn.Module):
    """(B, (K + 1) Z) noise, (B, F) features of the drawing -> K colours.

    A colour is chosen from a box of learned paints. The drawing says how likely each of them is; noise decides, by
    numbers that all colours of a picture share and by as many of its own: colours may depend on each other, and need
    not.
    """

    def __init__(self, *, noise: int, colors: int, features: int) -> None:
        super().__init__()
        self.noise, self.colors = noise, colors
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise([2 * noise, HIDDEN, HIDDEN, HIDDEN]):
            layers += [Apart(colors, fan_in, fan_out, 2**0.5), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, Apart(colors, HIDDEN, PAINTS, 1.0))
        self.says = nn.Linear(features, colors * PAINTS)
        nn.init.zeros_(self.says.weight)
        nn.init.zeros_(self.says.bias)
        self.paints = nn.Parameter(torch.randn(PAINTS, 3))

    def forward(self, noise: Tensor, features: Tensor) -> Colors:
        """The colours of each picture."""
        shared, own = noise[:, : self.noise], noise[:, self.noise :].view(len(noise), self.colors, self.noise)
        each = torch.cat([shared[:, None].expand_as(own), own], dim=2).transpose(0, 1)  # (K, B, 2 Z)
        # of one size, for a choice that has become too sure is never made anew
        decides = F.layer_norm(self.layers(each), (PAINTS,)).transpose(0, 1)  # (B, K, M)
        says = self.says(features).view(-1, self.colors, PAINTS)
        paints = torch.tanh(self.paints)
        return Colors((SHARPNESS * (decides + says)).softmax(dim=2) @ paints, says, paints)


class Apart(nn.Module):
    """A linear layer for each of K: (K, B, fan_in) -> (K, B, fan_out); weights N(0, gain^2 / fan_in)."""

    def __init__(self, count: int, fan_in: int, fan_out: int, gain: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(count, fan_in, fan_out) * gain * fan_in**-0.5)
        self.bias = nn.Parameter(torch.zeros(count, 1, fan_out))

    def forward(self, x: Tensor) -> Tensor:
        """Each of K by its own weights."""
        return torch.baddbmm(self.bias, x, self.weight)
