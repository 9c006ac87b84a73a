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
    """A discriminator of colours without their picture: (B, K, 3) and (B, K) -> (B,) logits.

    A convolution sees a colour on thousands of pixels and learns slowly what is wrong with it; this sees K of them. It
    is not told the drawing: what the colours must be there, and where, is for the critic of pictures to say.
    """

    def __init__(self, *, colors: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise([4 * colors, PALETTE_WIDTH, PALETTE_WIDTH, PALETTE_WIDTH]):
            hidden = nn.Linear(fan_in, fan_out)
            nn.init.kaiming_normal_(hidden.weight, 0.2)
            nn.init.zeros_(hidden.bias)
            layers += [hidden, nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(PALETTE_WIDTH, 1))

    def forward(self, palette: Tensor, there: Tensor) -> Tensor:
        """Colours in [-1, 1], and 1 for those that the picture has, 0 for the others, which are not looked at."""
        shown = there[..., None]
        logits: Tensor = self.layers(torch.cat([palette * shown, shown], dim=2).flatten(1))
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
