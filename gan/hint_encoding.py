"""The form of a colour hint, and the brush that makes it.

A hint is (4, H, W): RGB in [-1, 1], 0 where there is no hint, and a mask of 0 or 1. `encode` is the one place that
makes it: for training, evaluation, and what a person paints.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

CHANNELS = 4


def encode(color: Tensor, mask: Tensor) -> Tensor:
    """(B, 3, H, W) colours in [-1, 1] and a (B, 1, H, W) mask of 0 or 1 -> (B, 4, H, W) hints."""
    mask = mask.to(color.dtype)
    return torch.cat([color * mask, mask], dim=1)


def no_hints(line: Tensor) -> Tensor:
    """The hints that say nothing: (B, 1, H, W) line -> (B, 4, H, W) of zeros."""
    batch, _, height, width = line.shape
    return torch.zeros(batch, CHANNELS, height, width, dtype=line.dtype, device=line.device)


@dataclass(frozen=True)
class Dabs:
    """Squares of one colour each, (B, N): the first lies on the ground, the last on top.

    top, left: first row and column in pixels, which may lie outside the picture. side: in pixels, 0 for no dab.
    color: (B, N, 3) in [-1, 1]. within: (B, K, H, W) booleans, and owner: (B, N) index into K, where a dab must not
    leave its region; or None.
    """

    top: Tensor
    left: Tensor
    side: Tensor
    color: Tensor
    within: Tensor | None = None
    owner: Tensor | None = None


def stamp(dabs: Dabs, height: int, width: int) -> Tensor:
    """Paint dabs on empty hints -> (B, 4, H, W)."""
    batch, number = dabs.side.shape
    reach = torch.arange(max(1, int(dabs.side.max())))
    row, column = dabs.top[..., None] + reach, dabs.left[..., None] + reach  # (B, N, S)
    inside = reach < dabs.side[..., None]
    row_fits = inside & (row >= 0) & (row < height)
    column_fits = inside & (column >= 0) & (column < width)
    painted = (row_fits[..., :, None] & column_fits[..., None, :]).flatten(1)  # (B, N * S * S)
    pixel = (row[..., :, None] * width + column[..., None, :]).flatten(1) * painted
    if dabs.within is not None and dabs.owner is not None:
        plane = dabs.owner.repeat_interleave(len(reach) ** 2, dim=1) * (height * width)
        painted = painted & dabs.within.flatten(1).gather(1, plane + pixel)
    rank = torch.arange(1, number + 1).repeat_interleave(len(reach) ** 2) * painted
    top = torch.zeros(batch, height * width, dtype=torch.long)
    top = top.scatter_reduce(1, pixel, rank, "amax")  # the dab that ends on top of a pixel, 0 for none
    colors = torch.cat([torch.zeros(batch, 1, 3), dabs.color.float()], dim=1)
    color = colors.gather(1, top[..., None].expand(-1, -1, 3)).transpose(1, 2)
    return encode(color.reshape(batch, 3, height, width), (top > 0).view(batch, 1, height, width))
