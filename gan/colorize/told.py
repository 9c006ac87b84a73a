"""What a network is told of a page: the hints on it, in the form of its training."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Pixels
from gan.colorize.page import Page
from gan.colorize.survey import Survey
from gan.hints.areas import colors_of, places, reach, spread
from gan.hints.flood import Marks, marks_of
from gan.hints.painted import Hint
from gan.hints.placement import Frame, encode_marks


def marks_on(page: Page, hints: Sequence[Hint], hint_image: Pixels | None, known: Survey | None) -> Marks | None:
    """The hints as they are painted, if any is left; each without a radius in its own area."""
    if not hints and hint_image is None:
        return None
    marks = marks_of(hints, hint_image, page.line.shape, None if known is None else known.area)
    return marks if marks.label.any() else None


def told_of(page: Page, marks: Marks | None, known: Survey | None) -> Tensor:
    """(1, 4 or 8, h, w) marks as a network with exact hints takes them.

    known: of a network that is given the hints flooded, too; else None.
    """
    frame, shape = page.frame, page.padded.shape
    hint = encode_marks(marks, frame, *shape)
    return hint if known is None else torch.cat([hint, _flooded(marks, known, frame, shape)], dim=1)


def _flooded(marks: Marks | None, known: Survey, frame: Frame, shape: tuple[int, ...]) -> Tensor:
    """(1, 4, h, w): marks flooded over a drawing's areas, on the network's picture."""
    flooded = np.zeros((4, *shape), np.float32)
    if marks is not None and known.borders is not None:
        on = np.flatnonzero(marks.label)
        first, which = colors_of(marks.color[marks.label.ravel()[on] - 1])
        colors = marks.color[marks.label.ravel()[on[first]] - 1] / np.float32(127.5) - 1
        cost = reach(known.area.ravel()[on], which, len(first), known.borders)
        rows, columns = frame.rows, frame.columns
        spread_out = spread(colors, cost, places(known.area.shape, (rows, columns), on), which, *known.grid.most())
        flooded[:, frame.top : frame.top + rows, frame.left : frame.left + columns] = spread_out
    return torch.from_numpy(flooded)[None]
