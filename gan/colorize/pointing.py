"""Which hint each closed area of a drawing takes, by a network that points (`gan.models.pointer`): one an area.

The network works at its own size, areas and hints at the drawing's. An area that holds hints is filled with them
(`gan.hints.flood`). Every other area takes the mean of what the network says of its pixels, and goes as a whole to the
hint that it points at, in that hint's exact colour; where it points at none surely enough, the area takes the mean of
the network's own colours there. Nothing is enlarged, so no colour crosses a line.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array

from gan.arrays import Bools, Floats, Ints, Pixels
from gan.colorize.enlarge import Grid
from gan.hints.areas import colors_of, nearest, places, reach
from gan.hints.flood import FREE, Marks, fill
from gan.models.pointer import Pointer

SURE = 0.6
"""Least probability of the hint that an area without one is given to."""


@dataclass(frozen=True)
class Seen:
    """What the network says, a row a pixel of its picture of the drawing, (h * w, C).

    color: C = 3, in [0, 1]. keys: C = E. none: C = 1. shape: h and w.
    """

    color: Floats
    keys: Floats
    none: Floats
    shape: tuple[int, int]


def look(
    generator: Pointer, line: torch.Tensor, window: tuple[slice, slice], noise: tuple[torch.Tensor, ...] = ()
) -> Seen:
    """What the network, given noise if it draws, says of a window, rows and columns, of a (1, 1, H, W) drawing."""
    with torch.inference_mode():
        seen = generator.look(line, *noise)
    color, keys, none = (part[0][:, *window].flatten(1).T.cpu().numpy() for part in (seen.color, seen.keys, seen.none))
    height, width = (part.stop - part.start for part in window)
    return Seen((color + 1) / 2, keys, none, (height, width))


@dataclass(frozen=True)
class Areas:
    """What the network says of every closed area of a drawing, the same whatever the hints are.

    seen: by pixel of the network. color, keys, none: (areas, C), their means, of the kinds of `Seen`.
    """

    seen: Seen
    color: Floats
    keys: Floats
    none: Floats

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        parts = self.seen.color, self.seen.keys, self.seen.none, self.color, self.keys, self.none
        return sum(part.nbytes for part in parts)


def areas_of(seen: Seen, grid: Grid) -> Areas:
    """Bring what the network sees of a drawing to its closed areas."""
    return Areas(seen, grid.means @ seen.color, grid.means @ seen.keys, grid.means @ seen.none)


def color_areas(
    generator: Pointer, known: Areas, line: Pixels, area: Ints, marks: Marks, borders: csr_array | None
) -> Floats:
    """(H, W, 3) colours in [0, 1] of a drawing, without its ink.

    Args:
        generator: whose scales of attention count.
        known: what it says of the drawing.
        line: (H, W) of 0..255.
        area: (H, W) its closed areas, from 0 on.
        marks: the hints on it.
        borders: what lies between the areas (`gan.hints.areas.borders`), for a network that is given the hints flooded.

    Raises:
        ValueError: there is no mark.
    """
    if not marks.label.any():
        raise ValueError("colours area by area need a mark")
    label = fill(line, marks, area)
    chosen, sure = _choose(generator, known, area, marks, borders)
    answer = np.where(sure[:, None], marks.color[chosen] / 255, known.color)  # (areas, 3)
    table = np.concatenate([answer, marks.color / 255]).astype(np.float32)
    colors: Floats = table[np.where(label != FREE, len(answer) - 1 + label, area)]
    return colors


def _choose(
    generator: Pointer, known: Areas, area: Ints, marks: Marks, borders: csr_array | None
) -> tuple[Ints, Bools]:
    """(areas,) a mark of the colour that each area points at, and whether surely. A colour has one key."""
    on = np.flatnonzero(marks.label)
    first, which = colors_of(marks.color)
    color = which[marks.label.ravel()[on] - 1]
    place = places(marks.label.shape, known.seen.shape, on)
    by_color = _means(color, place, np.ones(len(on)), len(first), len(known.seen.color))
    scale = float(generator.key_scale.detach())
    logits = scale * known.keys @ (by_color @ known.seen.keys).T  # (areas, colours)
    logits[:, np.bincount(color, minlength=len(first)) == 0] = -np.inf  # painted over: nothing points at it
    if borders is not None:
        flood = nearest(reach(area.ravel()[on], color, len(first), borders))
        reached = np.arange(len(first)) == flood.color[:, None]
        logits += float(generator.flood_scale.detach()) * reached * flood.confidence[:, None]
    logits = np.concatenate([logits, known.none], axis=1)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    return first[share[:, :-1].argmax(axis=1)], share[:, :-1].max(axis=1) >= SURE


def _means(group: Ints, place: Ints, weight: Floats, groups: int, places: int) -> csr_array:
    """(groups, places) weights by which a product with values of the small pixels is the mean of each group."""
    sums = csr_array((weight, (group, place)), shape=(groups, places))
    total = np.maximum(np.asarray(sums.sum(axis=1)).ravel(), 1e-9)
    return csr_array(sums.multiply(1 / total[:, None]))
