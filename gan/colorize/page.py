"""A prepared drawing as a network takes it: at the size of the training, on paper whose sides suit the network.

The drawing is scaled until it just covers that size, as a picture of the training is before it is cropped, and padded,
never cut or squashed. A small drawing on a large page is taken out of it first (`gan.colorize.cropping`).
"""

from dataclasses import dataclass, replace

import numpy as np

from gan.arrays import Pixels
from gan.colorize.cropping import Box, box_of
from gan.colorize.preparation import Prepared
from gan.config import Experiment
from gan.errors import RequestError
from gan.hints.placement import Frame

GIVEN_STROKE, DRAWN_STROKE = 0.5, 1.0
"""Least width of a stroke, in the network's pixels: of drawings that were scaled down in training (the avatars' have
about .5 px at 64 px), and of lines that were extracted at the network's size."""
MOST_INNER = 16_000_000
"""Most pixels at which the network works: about 2 GB of memory with a width of 16."""
LONGEST = 32
"""The long side may be this many times that of what is to be covered; longer drawings are scaled further down."""


@dataclass(frozen=True)
class Page:
    """A drawing as a network takes it.

    line: (H, W) line art. small: (rows, columns) of the frame, at the network's size. padded: (h, w) the same on
    paper whose sides suit the network. frame: where the drawing lies in it. bare: the network's picture is shown as it
    is, and no lines are laid on it. box: where the drawing lies on a large page; of all but `line`, the page is that.
    """

    line: Pixels
    small: Pixels
    padded: Pixels
    frame: Frame
    bare: bool = False
    box: Box | None = None

    @property
    def inner(self) -> "Page":
        """The box as a page of its own."""
        return self if self.box is None else replace(self, line=self.box.of(self.line), box=None)

    @property
    def nbytes(self) -> int:
        """Bytes in memory besides those of `line`."""
        return self.small.nbytes + self.padded.nbytes

    def at(self, shown: Pixels) -> "Page":
        """The same page with its (H, W) line art at another size; the network sees what it saw."""
        down, right = (side / own for side, own in zip(shown.shape, self.line.shape, strict=True))
        page = replace(self, line=shown, box=None if self.box is None else self.box.at(down, right))
        height, width = page.inner.line.shape
        scale_x, scale_y = self.frame.columns / width, self.frame.rows / height
        return replace(page, frame=replace(self.frame, scale_x=scale_x, scale_y=scale_y))


def page_of(
    prepared: Prepared,
    experiment: Experiment,
    dab_sides: tuple[int, int],
    *,
    size: int | None = None,
    native: bool = False,
    hint_image: Pixels | None = None,
) -> Page:
    """Bring a prepared drawing to the size at which the networks of an experiment work.

    Args:
        prepared: by `gan.colorize.preparation`.
        experiment: of the network.
        dab_sides: least and most of a dab's side that the network was trained with, in its pixels.
        size: short side at which the network works, in pixels; None: the drawing covers a training picture.
        native: it works at the drawing's own size, and what it paints is shown as it is.
        hint_image: (H, W, 4); a page is not cropped where that has hints beside the drawing.

    Raises:
        RequestError: the network's picture would be too large.
    """
    box = box_of(prepared.line) if prepared.is_cleaned and not native else None
    if box is not None and hint_image is not None and not box.holds(hint_image[:, :, 3]):
        box = None
    taken = prepared if box is None else Prepared(box.of(prepared.line))
    height, width = taken.line.shape
    if native:
        rows, columns = height, width
    else:
        rows, columns = inner_size(height, width, (size, size) if size else experiment.data.shape)
    if rows * columns > MOST_INNER:
        raise RequestError(
            f"the network would work at {columns}x{rows}, which is more than {MOST_INNER} pixels; lower the size"
        )
    small = taken.at(rows, columns, GIVEN_STROKE if experiment.data.line == "given" else DRAWN_STROKE)
    padded, top, left = pad(small, 2**experiment.generator_depth)
    frame = Frame(columns / width, rows / height, left, top, rows, columns, dab_sides)
    return Page(prepared.line, small, padded, frame, native or prepared.bare, box)


def inner_size(height: int, width: int, least: tuple[int, int]) -> tuple[int, int]:
    """Height and width at which the network works: `least` just covered, unless the long side would be too long."""
    scale = min(max(least[0] / height, least[1] / width), LONGEST * max(least) / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def pad(line: Pixels, multiple: int) -> tuple[Pixels, int, int]:
    """Put (h, w) line art in the middle of white paper whose sides are multiples; returns it with the top and left."""
    height, width = (-(-side // multiple) * multiple for side in line.shape)
    top, left = (height - line.shape[0]) // 2, (width - line.shape[1]) // 2
    padded = np.full((height, width), 255, np.uint8)
    padded[top : top + line.shape[0], left : left + line.shape[1]] = line
    return padded, top, left
