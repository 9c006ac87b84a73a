"""What the networks share: the choice of a norm, ink, and the initialisation of pix2pix."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def norm_layer(norm: str, channels: int) -> nn.Module:
    """A normalisation layer over (B, channels, H, W).

    Args:
        norm: batch, instance (with a scale and a shift), group (8 groups) or none.
        channels: a multiple of 8 for group.

    Raises:
        ValueError: an unknown norm.
    """
    match norm:
        case "batch":
            return nn.BatchNorm2d(channels)
        case "instance":
            return nn.InstanceNorm2d(channels, affine=True)
        case "group":
            return nn.GroupNorm(8, channels)
        case "none":
            return nn.Identity()
    raise ValueError(f"norm ({norm}) must be one of batch, instance, group, none")


class Double(nn.Module):
    """(B, C, H, W) -> (B, C, 2H, 2W): each pixel four times."""

    def forward(self, x: Tensor) -> Tensor:
        """The same values at twice the size.

        With the channels side by side, for on a processor PyTorch doubles one plane after another at a twentieth of the
        speed; the convolution behind it reads either.
        """
        return F.interpolate(x.contiguous(memory_format=torch.channels_last), scale_factor=2.0)


def beside(x: Tensor, skip: Tensor) -> Tensor:
    """(B, C, H, W) and (B, C', H, W) -> (B, C + C', H, W).

    Channels side by side in memory, the gradient of `x` is a part of each pixel's numbers, for which PyTorch's batch
    norm has only a way that is ten times as slow on a processor: it is gathered first. In bf16 alone, where it was
    seen; fp32 gains nothing, and keeps its bits.
    """
    if x.requires_grad and x.dtype is torch.bfloat16 and x.is_contiguous(memory_format=torch.channels_last):
        x = _Gathered.apply(x)
    return torch.cat([x, skip], dim=1)


class _Gathered(torch.autograd.Function):
    """The same values, and a gradient that has its channels side by side. A hook would do, but not when compiled."""

    @staticmethod
    def forward(_context: Any, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> Tensor:
        return gradient.contiguous(memory_format=torch.channels_last)


def paper(condition: Tensor) -> Tensor:
    """(B, C, H, W) with a drawing in [-1, 1] first -> (B, 1, H, W) in [0, 1]: the share of what is no ink."""
    return (condition[:, :1] + 1) / 2


def under(color: Tensor, share: Tensor) -> Tensor:
    """Colours in [-1, 1] with ink multiplied in."""
    return (color + 1) * share - 1


def initialize(network: nn.Module) -> None:
    """Draw convolutions from N(0, 0.02) and norm scales from N(1, 0.02) (Isola et al. 2017, sec. 6.2)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm2d | nn.InstanceNorm2d | nn.GroupNorm):
            nn.init.normal_(module.weight, 1.0, 0.02)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
