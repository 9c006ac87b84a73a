"""How thick hints are painted: never thinner than the dabs that a network was trained with."""

import cv2
import numpy as np

from gan.arrays import Bools, Ints, Pixels


def thickened(mask: Bools, least: int) -> Bools:
    """(H, W) what is painted -> the same, and no part of it thinner than `least` pixels.

    A union of squares of that side stays as it is, and of discs. Elsewhere a square is put about the middle of the
    largest squares that lie in what is painted, the larger first, until half of a square's side reaches all: the rim of
    a round dab is no stroke of its own. At an edge they are moved inwards, as dabs are.
    """
    whole = _square(mask, least)
    thick, disc = mask, _blunt(whole)
    reached = _around(_covered(_corners(mask, disc), disc), least // 2)
    for side in range(least - 1, 0, -1):
        left, small = mask & ~reached, _square(mask, side)
        if left.any():
            corner = _corners(mask, small) & _holding(left, small)
            thick = thick | _covered(_about(corner, small.shape, whole.shape), whole)
            reached |= _around(_covered(corner, small), side // 2)
    return thick


def nearest(painted: Bools) -> Ints:
    """(H, W) -> (H, W): the flat place of the painted pixel that is nearest to each."""
    free = (~painted).astype(np.uint8)
    _, which = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    place = np.zeros(int(which.max()) + 1, np.int64)
    place[which[painted]] = np.flatnonzero(painted)
    found: Ints = place[which]
    return found


def _square(mask: Bools, side: int) -> Pixels:
    """A square of ones, or what of it the picture has room for."""
    return np.ones((min(side, mask.shape[0]), min(side, mask.shape[1])), np.uint8)


def _blunt(square: Pixels) -> Pixels:
    """A square without its corners: what a disc of that width has at least."""
    down, across = (np.minimum(np.arange(side), np.arange(side)[::-1]) for side in square.shape)
    return np.asarray(down[:, None] + across >= min(square.shape) // 4, dtype=np.uint8)


def _corners(mask: Bools, kernel: Pixels) -> Bools:
    """Where the first pixel lies of each square that is wholly painted."""
    whole = cv2.erode(mask.astype(np.uint8), kernel, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(whole, dtype=np.bool_)


def _covered(corner: Bools, kernel: Pixels) -> Bools:
    """What squares cover, from where the first pixel of each lies."""
    last = kernel.shape[1] - 1, kernel.shape[0] - 1
    return np.asarray(cv2.dilate(corner.astype(np.uint8), kernel, anchor=last), dtype=np.bool_)


def _holding(part: Bools, kernel: Pixels) -> Bools:
    """Where the first pixel lies of each square that holds any of a part."""
    return np.asarray(cv2.dilate(part.astype(np.uint8), kernel, anchor=(0, 0)), dtype=np.bool_)


def _about(corner: Bools, small: tuple[int, ...], large: tuple[int, ...]) -> Bools:
    """The first pixels of small squares -> those of large ones about the same middles, within the picture."""
    moved = np.zeros_like(corner)
    moved[
        tuple(
            (first - (more - less) // 2).clip(0, full - more)
            for first, less, more, full in zip(np.nonzero(corner), small, large, corner.shape, strict=True)
        )
    ] = True
    return moved


def _around(part: Bools, reach: int) -> Bools:
    """A part with what lies at most so many pixels beside it."""
    side = 2 * reach + 1
    return np.asarray(cv2.dilate(part.astype(np.uint8), np.ones((side, side), np.uint8)), dtype=np.bool_)
