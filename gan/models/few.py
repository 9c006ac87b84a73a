"""The halving and doubling convolutions of the U-Net, as matrix products where a level has only a few places.

At the bottleneck a convolution of pix2pix's size has 4 to 8 million weights for 1 to 64 places, and what takes its time
on a processor is not arithmetic: oneDNN brings the weights into an order of its own for the forward pass and for the
input's gradient, and their own gradient back (18 of some 50 ms of 8 million weights, as ONEDNN_VERBOSE=1 shows). A
product of two matrices reads them as they lie, where channels are side by side in memory. Measured in
experiments/README.md, "Speed".
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PLACES = 128
"""Of a level, over the whole batch, up to which the product is faster; twice as many, and it is slower."""
WEIGHTS = 2**20
"""From which on the product is faster; a study's networks have a quarter of it at most."""
SIDE, STRIDE, PADDING = 4, 2, 1
"""Isola et al. 2017, sec. 6.1: every convolution is 4x4, with stride 2."""


def _as_product(places: int, weight: Tensor) -> bool:
    """Whether a level is made as a product: in bf16 on a processor alone, so that fp32 keeps its bits."""
    if weight.device.type != "cpu" or not torch.is_autocast_enabled("cpu"):
        return False
    return places <= PLACES and weight.numel() >= WEIGHTS


class Halving(nn.Conv2d):
    """(B, fan_in, H, W) -> (B, fan_out, H/2, W/2)."""

    def __init__(self, fan_in: int, fan_out: int, *, bias: bool) -> None:
        super().__init__(fan_in, fan_out, SIDE, STRIDE, PADDING, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """As nn.Conv2d."""
        count, height, width = len(x), x.shape[2] // STRIDE, x.shape[3] // STRIDE
        places = height * width  # of a picture
        if not _as_product(count * places, self.weight):
            return super().forward(x)
        windows = F.unfold(x, SIDE, stride=STRIDE, padding=PADDING)  # (B, c * 16, places)
        windows = windows.view(count, -1, SIDE * SIDE, places).permute(0, 3, 2, 1).flatten(2)  # (B, places, 16 * c)
        weight = self.weight.permute(0, 2, 3, 1).flatten(1)  # (c', 16 * c)
        made = F.linear(windows, weight, self.bias)  # (B, places, c')
        return made.transpose(1, 2).view(count, -1, height, width)


class Doubling(nn.ConvTranspose2d):
    """(B, fan_in, H, W) -> (B, fan_out, 2 H, 2 W)."""

    def __init__(self, fan_in: int, fan_out: int, *, bias: bool) -> None:
        super().__init__(fan_in, fan_out, SIDE, STRIDE, PADDING, bias=bias)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """As nn.ConvTranspose2d."""
        count, _, height, width = x.shape
        places = height * width  # of a picture
        if output_size is not None or not _as_product(count * places, self.weight):
            return super().forward(x, output_size)
        weight = self.weight.permute(0, 2, 3, 1).flatten(1)  # (c, 16 * c')
        windows = x.flatten(2).transpose(1, 2) @ weight  # (B, places, c) -> (B, places, 16 * c')
        windows = windows.view(count, places, SIDE * SIDE, -1).transpose(1, 3).flatten(1, 2)  # (B, c' * 16, places)
        made = F.fold(windows, (STRIDE * height, STRIDE * width), SIDE, stride=STRIDE, padding=PADDING)
        return made if self.bias is None else made + self.bias.to(made.dtype)[:, None, None]
