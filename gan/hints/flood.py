"""Hints flooded over a drawing: what lines and hints alone can do, without any network.

Two floods of the same marks, both by OpenCV's watershed (Meyer 1991), at the drawing's own size:

* `flood`: every pixel goes to a mark; floods meet at the ink. The rival of a network that is given the same hints.
* `fill`: only the closed areas that hold a mark are filled, shared by distance where they hold several; the others
  stay paper. Gaps of a few pixels are closed.

Closed areas are found as a trapped ball finds them (Zhang et al. 2009, Vectorizing Cartoon Animations, sec. 4): paper
that a ball of a width can reach from one place is one area, so that a gap narrower than the ball closes it; what only a
smaller ball reaches is an area of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gan.arrays import Bools, Ints, Pixels
from gan.hints.painted import OPAQUE, Hint

INK = 220
"""Pixels at least this light are paper: pencil is, after cleaning, often lighter than half."""
BALLS = (3.0, 1.5)
"""Radii of the trapped balls, in pixels of a drawing whose short side is 512, the larger first."""
RADIUS = 0.02
"""Of the short side: the radius of a hint that has none."""
Ways = tuple[tuple[int, int], ...]
FOUR: Ways = ((-1, 0), (0, -1), (0, 1), (1, 0))
EIGHT: Ways = (*FOUR, (-1, -1), (-1, 1), (1, -1), (1, 1))
"""Rows down and columns to the right, to the pixels beside one."""
FREE = 0
"""The label of what no mark fills."""
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Marks:
    """Hints as they are painted.

    label: (H, W) from 1 on where a hint is, else 0. color: (N, 3) of 0..255, of the labels from 1 on.
    """

    label: Ints
    color: Pixels


def marks_of(hints: Sequence[Hint], image: Pixels | None, shape: tuple[int, int], area: Ints | None = None) -> Marks:
    """A person's hints: exactly the pixels that are painted; a hint without a radius is a disc.

    Args:
        hints: the later on top of the earlier, all on top of the picture.
        image: (H, W, 4) whose opaque pixels are hints, or None.
        shape: H and W of the drawing.
        area: (H, W) its closed areas, where a hint without a radius is to stay in its own: a click beside a line, or in
            an area smaller than the disc, is meant for that area.
    """
    label = np.zeros(shape, np.int32)
    colors: list[tuple[int, int, int]] = []
    if image is not None:
        opaque = image[:, :, 3] >= OPAQUE
        found, which = np.unique(image[opaque][:, :3], axis=0, return_inverse=True)
        colors += [(int(red), int(green), int(blue)) for red, green, blue in found]
        label[opaque] = which.ravel() + 1
    for hint in hints:
        colors.append(hint.color)
        _add_disc(label, len(colors), hint, area)
    return Marks(label.astype(np.int64), np.array(colors, np.uint8).reshape(-1, 3))


def _add_disc(label: Labels, number: int, hint: Hint, area: Ints | None) -> None:
    """Paint the disc of a hint."""
    asked = RADIUS * min(label.shape) if hint.radius is None else hint.radius
    radius = min(round(asked), max(label.shape))
    # the pixel that a place lies in: the middle of the first is 0, as networks that take dabs have it
    row, column = (min(int(at + 0.5), side - 1) for at, side in zip((hint.y, hint.x), label.shape, strict=True))
    top, left = max(row - radius, 0), max(column - radius, 0)
    window = np.s_[top : row + radius + 1, left : column + radius + 1]
    disc = np.zeros(label[window].shape, np.uint8)
    cv2.circle(disc, (column - left, row - top), radius, 1, -1)
    own = np.True_ if area is None or hint.radius is not None else area[window] == area[row, column]
    label[window][(disc > 0) & own] = number


def flood(line: Pixels, marks: Marks) -> Ints:
    """(H, W) labels from 1 on: the mark whose flood reaches a pixel first.

    Raises:
        ValueError: there is no mark.
    """
    if not marks.label.any():
        raise ValueError("a flood needs a mark")
    return _watershed(_grey(255 - line), marks.label)


def fill(line: Pixels, marks: Marks, area: Ints) -> Ints:
    """(H, W) labels: the mark that fills a pixel, `FREE` where none does; `area`: the closed areas of the line."""
    on = np.flatnonzero(marks.label)
    within, mark = area.ravel()[on], marks.label.ravel()[on]
    areas = int(area.max()) + 1
    held = np.zeros(areas, np.bool_)
    held[within[line.ravel()[on] >= INK]] = True  # by marks' pixels on paper
    filler = np.full(areas, FREE, np.int64)
    filler[within] = mark
    label = np.where(held, filler, FREE)[area]
    shared = held & _several(within, mark, marks.color, areas)
    if shared.any():
        _share(label, shared[area], area, marks)
    return label


def _several(within: Ints, mark: Ints, color: Pixels, areas: int) -> Bools:
    """(areas,) whether an area has marks of several colours, given the area and the mark of every pixel of marks."""
    code = color.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    least, most = np.full(areas, 1 << 24), np.full(areas, -1)
    np.minimum.at(least, within, code[mark - 1])
    np.maximum.at(most, within, code[mark - 1])
    return most > least


def _share(label: Ints, shared: Bools, area: Ints, marks: Marks) -> None:
    """Divide the areas that are shared among the marks in them, by distance, in place of what is in `label`.

    A colour is one flood: what is painted decides, and not in which order or in how many pieces.
    """
    _, first, which = np.unique(marks.color, axis=0, return_index=True, return_inverse=True)
    flooded = np.concatenate([[FREE], which.ravel() + 1])
    rows, columns = np.flatnonzero(shared.any(axis=1)), np.flatnonzero(shared.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inside = shared[box]
    # a step inside an area costs nothing, one into another its price: every flood fills its own area first
    landscape = np.stack([area[box] >> shift & 255 for shift in (0, 8, 16)], axis=2).astype(np.uint8)
    reached = _watershed(landscape, np.where(inside, flooded[marks.label[box]], FREE))
    label[box][inside] = first[reached[inside] - 1] + 1


def closed_areas(line: Pixels) -> Ints:
    """(H, W) labels from 1 on of the closed areas of a drawing; ink goes to the nearest.

    Ball by ball, the larger first: each connected part of what a ball reaches is an area, which takes back the rim that
    the ball could not enter. Paper that no ball reaches joins what it touches, or is an area of its own.
    """
    paper = line >= INK
    room = cv2.distanceTransform(paper.astype(np.uint8), cv2.DIST_L2, 5)
    scale = max(min(line.shape) / 512, 0.5)
    rimmed = np.zeros((line.shape[0] + 2, line.shape[1] + 2), np.int32)
    area = rimmed[1:-1, 1:-1]
    for radius in (*(ball * scale for ball in BALLS), 0.0):
        reached = ((room > radius) & (area == 0)).astype(np.uint8)
        _, part = cv2.connectedComponents(reached, connectivity=4)
        if radius == 0:
            small = np.flatnonzero(part)
            touching = _beside(rimmed, _in_rimmed(small, line.shape), FOUR) > 0
            part[np.isin(part, np.unique(part.ravel()[small[touching]]))] = 0
        np.copyto(area, part + area.max(), where=part > 0)
        rim = _in_rimmed(np.flatnonzero((area == 0) & paper), line.shape)
        for _ in range(int(np.ceil(radius)) + 1):
            rim = _grow(rimmed, rim, FOUR)
    if not area.any():
        return np.ones(line.shape, np.int64)
    return _nearest(area)


def _nearest(area: Labels) -> Ints:
    """Give what is in no area to the nearest one.

    Not by a watershed: one that has entered the ink runs along it, and takes the grey edge of the line on its far side.
    """
    free = (area == FREE).astype(np.uint8)
    _, which = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    within = np.zeros(int(which.max()) + 1, np.int64)  # of each pixel that is in an area, by its number there
    within[which[free == 0]] = area[free == 0]
    nearest: Ints = within[which]
    return nearest


def _in_rimmed(pixel: Ints, shape: tuple[int, ...]) -> Ints:
    """Flat places in a picture of (H, W) -> in one that has a rim of a pixel."""
    places: Ints = pixel + 2 * (pixel // shape[1]) + shape[1] + 3
    return places


def _beside(rimmed: Labels, pixel: Ints, ways: Ways) -> Labels:
    """The largest label beside each pixel."""
    flat, wide = rimmed.ravel(), rimmed.shape[1]
    largest = flat[pixel]
    for down, right in ways:
        np.maximum(largest, flat[pixel + down * wide + right], out=largest)
    return largest


def _grow(rimmed: Labels, free: Ints, ways: Ways) -> Ints:
    """Give every free pixel the largest label beside it, in place; returns those that are still free."""
    found = _beside(rimmed, free, ways)
    rimmed.ravel()[free] = found
    left: Ints = free[found == FREE]
    return left


def _grey(landscape: Pixels) -> Pixels:
    """(H, W) -> (H, W, 3)."""
    return np.asarray(cv2.cvtColor(landscape, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _watershed(landscape: Pixels, markers: Ints) -> Ints:
    """(H, W, 3) and (H, W) -> (H, W) labels of every pixel.

    A step costs the largest difference of a channel. OpenCV's borders between floods, and the edge, take the label
    beside them.
    """
    label = markers.astype(np.int32)
    cv2.watershed(landscape, label)
    np.copyto(label, markers, where=markers > 0, casting="same_kind")  # a mark at the edge is a mark
    rimmed = np.pad(label.clip(FREE), 1)
    gaps = _in_rimmed(np.flatnonzero(label <= FREE), label.shape)
    while len(gaps):
        gaps = _grow(rimmed, gaps, EIGHT)
    return rimmed[1:-1, 1:-1].astype(np.int64)


def paint(label: Ints, marks: Marks, line: Pixels) -> Pixels:
    """Labels in their marks' colours, white where nothing fills, with the (H, W) drawing on top -> (H, W, 3)."""
    palette = np.concatenate([np.full((1, 3), 255, np.uint8), marks.color])
    colored = palette[label] * (line[:, :, None] / np.float32(255))
    return colored.round().astype(np.uint8)
