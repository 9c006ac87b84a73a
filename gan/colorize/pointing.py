"""Colour at the drawing's own resolution, for a network that points (`gan.models.pointer`): one decision a closed area.

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
from gan.hints.flood import FREE, Marks, fill
from gan.models.pointer import Pointer

SURE = 0.95
"""Least probability of the hint that an area without one is given to."""
INK_COUNTS = 0.01
"""Weight of a black pixel in an area's mean, where a white one has 1: an area of ink alone has a mean, too."""


@dataclass(frozen=True)
class Seen:
    """What the network says, a row a pixel of its picture of the drawing, (h * w, C).

    color: C = 3, in [0, 1]. keys: C = E. none: C = 1. shape: h and w.
    """

    color: Floats
    keys: Floats
    none: Floats
    shape: tuple[int, int]


def look(generator: Pointer, line: torch.Tensor, window: tuple[slice, slice]) -> Seen:
    """What the network says of a window, rows and columns, of a (1, 1, H, W) drawing in [-1, 1]."""
    with torch.inference_mode():
        seen = generator.look(line)
    color, keys, none = (part[0][:, *window].flatten(1).T.cpu().numpy() for part in (seen.color, seen.keys, seen.none))
    height, width = (part.stop - part.start for part in window)
    return Seen((color + 1) / 2, keys, none, (height, width))


@dataclass(frozen=True)
class Survey:
    """What the network says of every closed area of a drawing, the same whatever the hints are.

    area: (H, W) closed areas. seen: it was made of. color, keys, none: (areas, C), their means, of the kinds of `Seen`.
    """

    area: Ints
    seen: Seen
    color: Floats
    keys: Floats
    none: Floats

    @property
    def nbytes(self) -> int:
        """Bytes in memory besides those of `area`."""
        parts = self.seen.color, self.seen.keys, self.seen.none, self.color, self.keys, self.none
        return sum(part.nbytes for part in parts)


def survey(seen: Seen, line: Pixels, area: Ints) -> Survey:
    """Bring what the network sees of an (H, W) drawing to its (H, W) closed areas."""
    paper = INK_COUNTS + (1 - INK_COUNTS) * line.ravel() / 255
    place = _places(np.arange(line.size), line.shape, seen.shape)
    mean = _means(area.ravel(), place, paper, int(area.max()) + 1, len(seen.color))
    return Survey(area, seen, mean @ seen.color, mean @ seen.keys, mean @ seen.none)


def color_areas(generator: Pointer, known: Survey, line: Pixels, marks: Marks) -> Floats:
    """(H, W, 3) colours in [0, 1] of a drawing, without its ink.

    Args:
        generator: whose scale of attention counts.
        known: what it says of the drawing.
        line: (H, W) of 0..255.
        marks: the hints on it.

    Raises:
        ValueError: there is no mark.
    """
    if not marks.label.any():
        raise ValueError("colours area by area need a mark")
    label = fill(line, marks, known.area)
    chosen, sure = _choose(generator, known, marks)
    answer = np.where(sure[:, None], marks.color[chosen] / 255, known.color)  # (areas, 3)
    table = np.concatenate([answer, marks.color / 255]).astype(np.float32)
    colors: Floats = table[np.where(label != FREE, len(answer) - 1 + label, known.area)]
    return colors


def _choose(generator: Pointer, known: Survey, marks: Marks) -> tuple[Ints, Bools]:
    """(areas,) the mark that each area points at, and whether surely; marks of one colour are chosen together."""
    on = np.flatnonzero(marks.label)
    place = _places(on, marks.label.shape, known.seen.shape)
    mark = marks.label.ravel()[on] - 1
    by_mark = _means(mark, place, np.ones(len(on)), len(marks.color), len(known.seen.color))
    scale = float(generator.key_scale.detach())
    logits = scale * known.keys @ (by_mark @ known.seen.keys).T  # (areas, marks)
    logits[:, np.asarray(by_mark.sum(axis=1)).ravel() == 0] = -np.inf  # painted over: nothing points at it
    logits = np.concatenate([logits, known.none], axis=1)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    _, first, which = np.unique(marks.color, axis=0, return_index=True, return_inverse=True)
    together = share[:, :-1] @ (which.ravel()[:, None] == np.arange(len(first)))  # (areas, colours)
    return first[together.argmax(axis=1)], together.max(axis=1) >= SURE


def _places(pixel: Ints, shape: tuple[int, ...], small: tuple[int, int]) -> Ints:
    """The small pixel that each of the drawing's lies in; pixels by their place in the flat picture."""
    row, column = np.divmod(pixel, shape[1])
    places: Ints = row * small[0] // shape[0] * small[1] + column * small[1] // shape[1]
    return places


def _means(group: Ints, place: Ints, weight: Floats, groups: int, places: int) -> csr_array:
    """(groups, places) weights by which a product with values of the small pixels is the mean of each group."""
    sums = csr_array((weight, (group, place)), shape=(groups, places))
    total = np.maximum(np.asarray(sums.sum(axis=1)).ravel(), 1e-9)
    return csr_array(sums.multiply(1 / total[:, None]))
