"""The form of a colour hint, and the brush that makes it.

A hint is (4, H, W): RGB in [-1, 1], 0 where there is no hint, and a mask of 0 or 1. `encode` is the one place that
makes it: for training, evaluation, and what a person paints. It works on numpy arrays, for hints are a few hundred
pixels, where PyTorch's overhead would outweigh the work.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Bools, Floats, Ints

CHANNELS = 4


def encode(picture: Ints, pixel: Ints, color: Floats, batch: int, height: int, width: int) -> Tensor:
    """Hinted pixels -> (B, 4, H, W) hints; where a pixel occurs twice, the last one counts.

    Args:
        picture: (P,) index into the batch.
        pixel: (P,) row * width + column.
        color: (P, 3) in [-1, 1].
        batch, height, width: of the result.
    """
    hint = np.zeros((batch, CHANNELS, height * width), np.float32)
    hint[picture, :3, pixel] = color
    hint[picture, 3, pixel] = 1
    return torch.from_numpy(hint.reshape(batch, CHANNELS, height, width))


@dataclass(frozen=True)
class Dabs:
    """Squares of one colour each on the pictures of a batch, (M,): the first lies on the ground, the last on top.

    picture: index into the batch. top, left: first row and column in pixels, which may lie outside the picture. side:
    in pixels. color: (M, 3) in [-1, 1]. within: (B, K, H, W), and owner: (M,) index into K, where a dab must not leave
    its region; or None.
    """

    picture: Ints
    top: Ints
    left: Ints
    side: Ints
    color: Floats
    within: Bools | None = None
    owner: Ints | None = None


def covered(top: Ints, left: Ints, side: Ints, height: int, width: int) -> tuple[Ints, Ints]:
    """The pixels of (M,) squares: which square, and row * width + column, as (P,) each; those outside are left out."""
    reach = np.arange(side.max(initial=0))
    row, column = top[:, None] + reach, left[:, None] + reach  # (M, S)
    inside = reach < side[:, None]
    row_fits = inside & (row >= 0) & (row < height)
    column_fits = inside & (column >= 0) & (column < width)
    square, down, across = np.nonzero(row_fits[:, :, None] & column_fits[:, None, :])
    return square, row[square, down] * width + column[square, across]


def stamp(dabs: Dabs, batch: int, height: int, width: int) -> Tensor:
    """Paint dabs on empty hints -> (B, 4, H, W)."""
    square, pixel = covered(dabs.top, dabs.left, dabs.side, height, width)
    if dabs.within is not None and dabs.owner is not None:
        within = dabs.within.reshape(*dabs.within.shape[:2], height * width)
        kept = within[dabs.picture[square], dabs.owner[square], pixel]
        square, pixel = square[kept], pixel[kept]
    return encode(dabs.picture[square], pixel, dabs.color[square], batch, height, width)
