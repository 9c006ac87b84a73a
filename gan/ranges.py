"""Range conversions between pictures and tensors, in one place.

Networks see [-1, 1] (white = 1), metrics see [0, 1], files hold 8 bit.
"""

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Pixels


def to_signed(unit: Tensor) -> Tensor:
    """[0, 1] -> [-1, 1]."""
    return unit * 2 - 1


def to_unit(signed: Tensor) -> Tensor:
    """[-1, 1] -> [0, 1]; values outside are clipped, as a file would clip them."""
    return ((signed + 1) / 2).clamp(0, 1)


def from_uint8(picture: Pixels) -> Tensor:
    """(H, W) or (H, W, C) of 0..255 -> (C, H, W) float in [-1, 1]."""
    planes = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    return to_signed(torch.from_numpy(np.ascontiguousarray(planes)).float() / 255)


def to_uint8(signed: Tensor) -> Pixels:
    """(C, H, W) in [-1, 1] -> (H, W, C) of 0..255, rounded to the nearest."""
    picture: Pixels = (to_unit(signed) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    return picture
