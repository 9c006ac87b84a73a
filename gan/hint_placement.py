"""A person's hints on a drawing, brought into the encoding that networks were trained with (`gan.hint_encoding`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gan.hint_encoding import Floats, Ints, covered, encode
from gan.painted_hints import Hint

Pixels = NDArray[np.uint8]
OPAQUE = 128
"""Least alpha of a pixel of a hint picture that is a hint."""
TRAINED_SIDE = 7
"""Side of a dab without a radius, in pixels of the network: well inside of what networks are trained with."""


@dataclass(frozen=True)
class Frame:
    """How a drawing lies in the network's picture: scaled, then moved by the padding."""

    scale_x: float
    scale_y: float
    left: int
    top: int


def encode_painted(hints: Sequence[Hint], image: Pixels | None, frame: Frame, height: int, width: int) -> Tensor:
    """A person's hints as the network takes them, (1, 4, height, width).

    Args:
        hints: dabs, the later on top of the earlier, all on top of the picture.
        image: (H, W, 4) picture of the drawing's size, whose opaque pixels are hints; or None.
        frame: where the drawing lies in the network's picture.
        height, width: of the network's picture.
    """
    pixel, color = _of_image(image, frame, width)
    if hints:
        spots = np.array([_spot(hint, frame) for hint in hints])
        colors = np.array([hint.color for hint in hints]) / 127.5 - 1
        square, dabbed = covered(spots[:, 0], spots[:, 1], spots[:, 2], height, width)
        pixel, color = np.concatenate([pixel, dabbed]), np.concatenate([color, colors[square]])
    return encode(np.zeros_like(pixel), pixel, color, 1, height, width)


def _spot(hint: Hint, frame: Frame) -> tuple[int, int, int]:
    """First row, first column and side of a dab in the network's picture."""
    scale = (frame.scale_x + frame.scale_y) / 2
    side = TRAINED_SIDE if hint.radius is None else max(1, round(2 * hint.radius * scale))
    row, column = (hint.y + 0.5) * frame.scale_y + frame.top, (hint.x + 0.5) * frame.scale_x + frame.left
    return int(np.ceil(row - side / 2 - 0.5)), int(np.ceil(column - side / 2 - 0.5)), side


def _of_image(image: Pixels | None, frame: Frame, width: int) -> tuple[Ints, Floats]:
    """The hinted pixels of the network's picture and their colours in [-1, 1]: those below any opaque pixel."""
    if image is None:
        return np.zeros(0, np.int64), np.zeros((0, 3))
    opaque = (image[:, :, 3:] >= OPAQUE).astype(np.float32)
    target = (max(1, round(image.shape[1] * frame.scale_x)), max(1, round(image.shape[0] * frame.scale_y)))
    method = cv2.INTER_AREA if frame.scale_y < 1 else cv2.INTER_NEAREST
    share = np.asarray(cv2.resize(opaque, target, interpolation=method), dtype=np.float32)
    total = np.asarray(cv2.resize(image[:, :, :3] * opaque, target, interpolation=method), dtype=np.float32)
    row, column = np.nonzero(share)
    color: Floats = total[row, column] / share[row, column, None] / 127.5 - 1
    return (row + frame.top) * width + column + frame.left, color
