"""The rival of a network that is given hints: the watershed of the same hints on the same line, without training."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Floats, Pixels
from gan.config import Experiment
from gan.data.batch import Batch
from gan.hints.flood import Marks, flood, paint
from gan.ranges import from_uint8, to_uint8

Rival = Callable[[Batch], Tensor]
"""A batch with hints -> (B, 3, H, W) pictures in [-1, 1]."""


def of(experiment: Experiment) -> Rival:
    """The rival on an experiment's pictures, with ink on top where those have any."""
    inked = experiment.data.line == "given"

    def rival(batch: Batch) -> Tensor:
        return torch.stack([from_uint8(watershed(*each, inked=inked)) for each in zip(*_arrays(batch), strict=True)])

    return rival


def _arrays(batch: Batch) -> tuple[list[Pixels], Floats]:
    """(H, W) drawings, and (B, 4, H, W) hints."""
    hints: Floats = batch.hint.cpu().numpy()
    return [to_uint8(line)[:, :, 0] for line in batch.line], hints


def watershed(line: Pixels, hint: Floats, *, inked: bool) -> Pixels:
    """The colours of hints flooded over a drawing (`gan.hints.flood.flood`); white without any.

    Args:
        line: (H, W) of 0..255.
        hint: (4, H, W), as `gan.hints.encoding` has them.
        inked: lay the drawing on top.

    Returns:
        (H, W, 3) of 0..255.
    """
    sheet = line if inked else np.full_like(line, 255)
    on = hint[3] > 0
    if not on.any():
        return np.repeat(sheet[:, :, None], 3, axis=2)
    color = ((hint[:3, on].T + 1) * 127.5).round().astype(np.uint8)  # (P, 3)
    found, which = np.unique(color, axis=0, return_inverse=True)
    label = np.zeros(line.shape, np.int64)
    label[on] = which.ravel() + 1
    marks = Marks(label, found)
    return paint(flood(line, marks), marks, sheet)
