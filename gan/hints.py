"""Colour hints: what a person, or a simulator, tells the network about the colours.

A hint is (4, H, W): RGB in [-1, 1], 0 where there is no hint, and a mask of 0 or 1.
"""

import torch
from torch import Tensor

CHANNELS = 4


def no_hints(line: Tensor) -> Tensor:
    """The hint tensor that says nothing: (B, 1, H, W) line -> (B, 4, H, W) of zeros."""
    batch, _, height, width = line.shape
    return torch.zeros(batch, CHANNELS, height, width, dtype=line.dtype, device=line.device)
