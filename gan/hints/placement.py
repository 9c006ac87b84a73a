"""A person's hints on a drawing, brought into the encoding that networks were trained with (`gan.hints.encoding`)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from torch import Tensor

from gan.arrays import Bools, Floats, Ints, Pixels
from gan.hints.encoding import encode
from gan.hints.flood import Marks
from gan.hints.painted import OPAQUE, Hint
from gan.hints.thickness import nearest, thickened

EDGE = 1e-3
"""Smallest part of a pixel that counts when a picture is scaled down, as OpenCV has it."""
MEAN_DECIMALS = 2
"""Of a mean of 8-bit colours: a single colour comes through as it is, whatever the scale, as it would from a dab."""


@dataclass(frozen=True)
class Frame:
    """How a drawing lies in the network's picture: scaled, then moved by the padding.

    rows, columns: of the scaled drawing. sides: least and most of a dab's side that the network was trained with. Both
    in the network's pixels.
    """

    scale_x: float
    scale_y: float
    left: int
    top: int
    rows: int
    columns: int
    sides: tuple[int, int]


def encode_painted(hints: Sequence[Hint], image: Pixels | None, frame: Frame, height: int, width: int) -> Tensor:
    """A person's hints as the network takes them, (1, 4, height, width).

    Args:
        hints: dabs, the later on top of the earlier, all on top of the picture.
        image: (H, W, 4) picture of the drawing's size, whose opaque pixels are hints; or None. What is painted thinner
            than the dabs of training is made as thick as the least of them, as a hint with a small radius is.
        frame: where the drawing lies in the network's picture.
        height, width: of the network's picture.
    """
    color, mask = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.bool_)
    if image is not None:
        _add_image(image, frame, color, mask)
    _add_dabs(hints, frame, color, mask)
    pixel = np.flatnonzero(mask)
    return encode(np.zeros_like(pixel), pixel, color.reshape(-1, 3)[pixel] / 127.5 - 1, 1, height, width)


def encode_marks(marks: Marks | None, frame: Frame, height: int, width: int) -> Tensor:
    """Hints exactly as they are painted, as the network takes them: (1, 4, height, width)."""
    if marks is None:
        return encode_painted([], None, frame, height, width)
    image = np.concatenate([np.zeros((1, 4), np.uint8), np.pad(marks.color, ((0, 0), (0, 1)), constant_values=255)])
    return encode_painted([], image[marks.label], replace(frame, sides=(1, 1)), height, width)


def picture_of(hints: Sequence[Hint], frame: Frame, height: int, width: int) -> Pixels:
    """Dabs as a hint picture of the drawing's size, (H, W, 4), which is encoded as they are.

    Exactly so where the drawing is as large as the network's picture or at least twice as large. Between these, and
    where it is smaller, a pixel of the one has no pixel of the other to itself, and edges may move by one.

    Args:
        hints: dabs, the later on top of the earlier.
        frame: where the drawing lies in the network's picture.
        height, width: of the drawing.
    """
    inner = frame.top + frame.rows, frame.left + frame.columns
    color, mask = np.zeros((*inner, 3), np.float32), np.zeros(inner, np.bool_)
    _add_dabs(hints, frame, color, mask)
    row, column = _owners(height, frame.rows), _owners(width, frame.columns)
    place = np.ix_(frame.top + row, frame.left + column)
    opaque = mask[place] & (row >= 0)[:, None] & (column >= 0)
    picture = np.zeros((height, width, 4), np.uint8)
    picture[opaque, :3], picture[opaque, 3] = color[place][opaque], 255
    return picture


def _owners(length: int, inner: int) -> Ints:
    """(length,): the network's pixel that each of the drawing's pixels along a side belongs to alone, or -1."""
    scale = inner / length
    first = np.arange(length) * scale
    owner: Ints = np.floor(first + scale / 2).astype(np.int64)
    if scale < 1:
        whole = (first > owner - EDGE * scale) & (first + scale < owner + 1 + EDGE * scale)
        for lonely in np.setdiff1d(np.arange(inner), owner[whole]):
            whole[int((lonely + 0.5) / scale)] = True
        owner[~whole] = -1
    return owner


def _add_dabs(hints: Sequence[Hint], frame: Frame, color: Floats, mask: Bools) -> None:
    """Paint dabs, 0 to 255."""
    for hint in hints:  # a person's: a few, and each may be as large as the picture
        place = _place(hint, frame)
        color[place], mask[place] = hint.color, True


def _place(hint: Hint, frame: Frame) -> tuple[slice, slice]:
    """Rows and columns of a dab in the network's picture; moved onto the drawing where it would reach over its edge."""
    scale = (frame.scale_x + frame.scale_y) / 2
    least, most = frame.sides
    side = (least + most) // 2 if hint.radius is None else max(least, round(2 * hint.radius * scale))
    row, column = (hint.y + 0.5) * frame.scale_y + frame.top, (hint.x + 0.5) * frame.scale_x + frame.left
    return _span(row, side, frame.top, frame.rows), _span(column, side, frame.left, frame.columns)


def _span(middle: float, side: int, first: int, length: int) -> slice:
    """`side` pixels about a middle, or as many as there are, within first..first + length."""
    side = min(side, length)
    start = min(max(math.ceil(middle - side / 2 - 0.5), first), first + length - side)
    return slice(start, start + side)


def _add_image(image: Pixels, frame: Frame, color: Floats, mask: Bools) -> None:
    """Paint the opaque pixels of a hint picture, 0 to 255: a pixel above any of them takes their mean colour.

    What is thickened takes the colour beside it. How thick it is counts whatever its colours are: what is left of a
    stroke that was painted over is no stroke of its own, and stays as thin as dabs leave it.
    """
    opaque = (image[:, :, 3:] >= OPAQUE).astype(np.float32)
    target = (frame.columns, frame.rows)
    method = cv2.INTER_AREA if frame.scale_y < 1 else cv2.INTER_NEAREST
    share = np.asarray(cv2.resize(opaque, target, interpolation=method), dtype=np.float32)
    total = np.asarray(cv2.resize(image[:, :, :3] * opaque, target, interpolation=method), dtype=np.float32)
    painted = share > 0
    row, column = np.nonzero(thickened(painted, frame.sides[0]))
    if len(row):
        source = np.unravel_index(nearest(painted)[row, column], painted.shape)
        mean = total[source] / share[source][:, None]
        place = row + frame.top, column + frame.left
        color[place], mask[place] = mean.round(MEAN_DECIMALS), True
