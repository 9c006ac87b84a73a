"""A discriminator of patches and of the whole: (B, in_channels, H, W) -> (B, 2, H', W') logits.

A PatchGAN (Isola et al. 2017, arXiv 1611.07004, sec. 2.2.2) sees no colour scheme: what is flat in itself and at odds
with the rest passes. So one more strided layer judges the picture as a whole. There is no norm, and weights are drawn
after He et al. 2015 (arXiv 1502.01852), as gradient penalties want it (Huang et al. 2024, arXiv 2501.05441, sec. 3).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

PALETTE_WIDTH = 128
"""Width of the three layers that judge colours."""
DRAWING_WIDTH, DRAWING_SCALE = 16, 0.3
"""Numbers that they are told of the drawing, and how large: with more they learn drawings by heart, and no colours."""
LEAST_AREA = 0.01
"""Share of a picture from which on it has a colour."""


class Critic(nn.Module):
    """A stack of 4x4 convolutions of stride 2: the patches are judged after `layers` of them, the whole after another.

    Args:
        in_channels: channels of drawing, hints and picture together.
        width: channels of the first layer; layer i has min(2**i, 8) * width.
        layers: strided layers in front of the patches' logits.
        shape: H and W, at least 2**(layers + 1).
    """

    def __init__(self, *, in_channels: int = 8, width: int, layers: int, shape: tuple[int, int]) -> None:
        super().__init__()
        widths = [in_channels, *(width * min(2**layer, 8) for layer in range(layers + 1))]
        *stages, last = [
            nn.Sequential(nn.Conv2d(fan_in, fan_out, 4, 2, 1), nn.LeakyReLU(0.2))
            for fan_in, fan_out in pairwise(widths)
        ]
        self.stages, self.last = nn.Sequential(*stages), last
        self.patches = nn.Conv2d(widths[-2], 1, 3, 1, 1)
        height, width = (side // 2 ** (layers + 1) for side in shape)
        self.whole = nn.Linear(widths[-1] * height * width, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                slope = 1.0 if module in (self.patches, self.whole) else 0.2
                nn.init.kaiming_normal_(module.weight, slope)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) -> (B, 2, H', W'), H' = H // 2**layers: each patch's logit, and beside it the whole's.

        The whole's is the same at every patch, so that a mean over the logits weighs patches and whole alike.
        """
        seen = self.stages(x)
        patches: Tensor = self.patches(seen)  # (B, 1, H', W')
        whole = self.whole(self.last(seen).flatten(1))  # (B, 1)
        return torch.cat([patches, whole[:, :, None, None].expand_as(patches)], dim=1)


class PaletteCritic(nn.Module):
    """A discriminator of colours without their picture: (B, K, 3), (B, K), (B, F) -> (B,) logits.

    A convolution sees a colour on thousands of pixels and learns slowly what is wrong with it; this sees K of them, how
    much of the picture each has, and a little of what the drawing is like.

    Args:
        colors: K.
        features: F, of the drawing.
    """

    def __init__(self, *, colors: int, features: int) -> None:
        super().__init__()
        self.drawing = nn.Linear(features, DRAWING_WIDTH, bias=False)
        nn.init.normal_(self.drawing.weight, 0.0, DRAWING_SCALE * features**-0.5)
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise([4 * colors + DRAWING_WIDTH, PALETTE_WIDTH, PALETTE_WIDTH, PALETTE_WIDTH]):
            hidden = nn.Linear(fan_in, fan_out)
            nn.init.kaiming_normal_(hidden.weight, 0.2)
            nn.init.zeros_(hidden.bias)
            layers += [hidden, nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(PALETTE_WIDTH, 1))

    def forward(self, palette: Tensor, areas: Tensor, features: Tensor) -> Tensor:
        """Colours in [-1, 1], the share of the picture that each has, and features of its drawing.

        A colour that hardly occurs is not looked at.
        """
        there = (areas > LEAST_AREA).float()[..., None]
        logits: Tensor = self.layers(torch.cat([(palette * there).flatten(1), areas, self.drawing(features)], dim=1))
        return logits[:, 0]


class WithPalettes(nn.Module):
    """A discriminator of pictures, and one of their colours beside it; called, it is the first."""

    def __init__(self, pictures: nn.Module, palettes: PaletteCritic) -> None:
        super().__init__()
        self.pictures, self.palettes = pictures, palettes

    def forward(self, x: Tensor) -> Tensor:
        """The logits of pictures."""
        logits: Tensor = self.pictures(x)
        return logits
