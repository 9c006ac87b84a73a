"""A person's hints on a drawing, brought into the encoding that networks were trained with (`gan.hint_encoding`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan.hint_encoding import Dabs, encode, stamp
from gan.painted_hints import Hint
from gan.ranges import to_signed

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
    ground = _encode_image(image, frame, height, width)
    if not hints:
        return ground
    spots = [_spot(hint, frame) for hint in hints]
    top, left, side = (torch.tensor([[spot[axis] for spot in spots]]) for axis in range(3))
    color = to_signed(torch.tensor([[hint.color for hint in hints]]).float() / 255)
    painted = stamp(Dabs(top, left, side, color), height, width)
    mask = painted[:, 3:]
    return encode(torch.where(mask > 0, painted[:, :3], ground[:, :3]), torch.maximum(mask, ground[:, 3:]))


def _spot(hint: Hint, frame: Frame) -> tuple[int, int, int]:
    """First row, first column and side of a dab in the network's picture."""
    scale = (frame.scale_x + frame.scale_y) / 2
    side = TRAINED_SIDE if hint.radius is None else max(1, round(2 * hint.radius * scale))
    row, column = (hint.y + 0.5) * frame.scale_y + frame.top, (hint.x + 0.5) * frame.scale_x + frame.left
    return int(np.ceil(row - side / 2 - 0.5)), int(np.ceil(column - side / 2 - 0.5)), side


def _encode_image(image: Pixels | None, frame: Frame, height: int, width: int) -> Tensor:
    """The opaque pixels of a picture; a network's pixel with any of them is hinted, in their mean colour."""
    color, mask = np.zeros((height, width, 3), np.float32), np.zeros((height, width, 1), np.float32)
    if image is not None:
        opaque = (image[:, :, 3:] >= OPAQUE).astype(np.float32)
        rows, columns = round(image.shape[0] * frame.scale_y), round(image.shape[1] * frame.scale_x)
        target, method = (max(1, columns), max(1, rows)), cv2.INTER_AREA if frame.scale_y < 1 else cv2.INTER_NEAREST
        share = cv2.resize(opaque, target, interpolation=method)[:, :, None]
        total = cv2.resize(image[:, :, :3] * opaque, target, interpolation=method)
        place = slice(frame.top, frame.top + target[1]), slice(frame.left, frame.left + target[0])
        color[place] = total / np.maximum(share, 1e-6)
        mask[place] = share > 0
    planes = (torch.from_numpy(plane.transpose(2, 0, 1))[None] for plane in (color / 255, mask))
    unit, drawn = planes
    return encode(to_signed(unit), drawn)
