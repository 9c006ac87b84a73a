"""A small picture's colours brought to the size of the drawing along its lines: no colour crosses one.

Enlarged without the drawing, a pixel of the network's spans lines that it cannot show. Here a pixel of the drawing is
interpolated between the four pixels of the small picture around it as ever, but each counts by how much of it belongs
to the drawing's closed area that the pixel lies in (joint bilateral upsampling, Kopf et al. 2007, with areas in the
place of a range kernel): shading inside an area survives, and colours mix across no line. Areas that no small pixel has
the half of take one colour, the mean of what they have.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import find_objects
from scipy.sparse import csr_array

from gan.arrays import Bools, Floats, Ints, Pixels
from gan.hints.areas import INK_COUNTS, numbered, places

THIN = 0.5
PURE = 4
"""Power of a small pixel's share: one that a line passes through is of a mixed colour, and says little."""
TOO_LITTLE = 1e-6
"""Weight below which nothing can be said."""
ROWS = 1024
"""Rows of an area at once, for the memory's sake."""


@dataclass(frozen=True)
class Grid:
    """How a drawing's closed areas lie on a smaller picture, whose pixels are numbered row by row.

    area: (H, W) of the drawing, from 0 on. share: (A, h * w) each area's part of each small pixel, in [0, 1]. means:
    (A, h * w) weights by which a product with the small pixels' values is the mean of each area. thin: (A,) whether no
    small pixel is for the greater part of it. shape: h and w.
    """

    area: Ints
    share: csr_array
    means: csr_array
    thin: Bools
    shape: tuple[int, int]

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return int(self.area.nbytes + 2 * (self.share.data.nbytes + self.share.indices.nbytes))

    def most(self) -> tuple[Ints, Floats]:
        """(h, w) the area that each small pixel has most of, and how much of it.

        Where the picture is the larger one, pixels between those of the drawing have the area that they lie in.
        """
        ends = zip(self.area.shape, self.shape, strict=True)
        area = self.area[np.ix_(*(np.arange(small) * side // small for side, small in ends))].ravel()
        share = np.ones(len(area), np.float32)
        held = self.share.tocsc()
        pixel = np.repeat(np.arange(held.shape[1]), np.diff(held.indptr))
        order = np.lexsort((held.data, pixel))
        last = order[np.append(np.flatnonzero(np.diff(pixel)), len(pixel) - 1)]  # each pixel's greatest
        area[pixel[last]], share[pixel[last]] = held.indices[last], held.data[last]
        return area.reshape(self.shape), share.reshape(self.shape)


def grid_of(line: Pixels, area: Ints, shape: tuple[int, int]) -> Grid:
    """The grid of an (H, W) drawing and its closed areas, on a picture of `shape`."""
    area, count = numbered(area)
    pixels = shape[0] * shape[1]
    weight = INK_COUNTS + (1 - INK_COUNTS) * line.ravel() / 255
    sums = csr_array((weight, (area.ravel(), places(line.shape, shape))), shape=(count, pixels))
    sums.sum_duplicates()
    total = np.bincount(sums.indices, sums.data, pixels)
    share = csr_array((sums.data / total[sums.indices], sums.indices, sums.indptr), shape=sums.shape)
    pure = share.multiply(sums)
    mass = np.maximum(np.asarray(pure.sum(axis=1)), 1e-9)
    widest = np.maximum.reduceat(share.data, share.indptr[:-1])  # no area is empty
    return Grid(area, share, csr_array(pure.multiply(1 / mass[:, None])), widest < THIN, shape)


def along_lines(colors: Floats, grid: Grid) -> Floats:
    """(h, w, 3) colours -> (H, W, 3), float32."""
    flat = np.concatenate([colors.reshape(-1, 3), np.ones((colors.shape[0] * colors.shape[1], 1))], axis=1)
    mean = np.asarray(grid.means @ flat[:, :3], dtype=np.float32)
    large = mean[grid.area]
    for number, box in enumerate(find_objects(grid.area + 1)):
        if grid.thin[number]:
            continue
        for top in range(box[0].start, box[0].stop, ROWS):
            strip = np.s_[top : min(top + ROWS, box[0].stop), box[1]]
            _fill(large[strip], grid.area[strip] == number, flat, number, strip, grid)
    return large


def _fill(large: Floats, own: Bools, flat: Floats, number: int, strip: tuple[slice, slice], grid: Grid) -> None:
    """Interpolate an area's colours in a strip of the drawing, from the small pixels that have a part of it."""
    ends = zip(strip, grid.area.shape, grid.shape, strict=True)
    (top, bottom, down), (left, right, across) = (_window(part, length, small) for part, length, small in ends)
    row = grid.share.indices[grid.share.indptr[number] : grid.share.indptr[number + 1]]
    weight = grid.share.data[grid.share.indptr[number] : grid.share.indptr[number + 1]] ** PURE
    rows, columns = np.divmod(row, grid.shape[1])
    inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    small = np.zeros((bottom - top, right - left, 4), np.float32)  # weighted colours, and the weights
    small[rows[inside] - top, columns[inside] - left] = flat[row[inside]] * weight[inside, None]
    move = np.array([[1 / across, 0, 0.0], [0, 1 / down, 0]])
    move[:, 2] = (strip[1].start + 0.5) / across - 0.5 - left, (strip[0].start + 0.5) / down - 0.5 - top
    mixed = cv2.warpAffine(
        small, move, own.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    own &= mixed[:, :, 3] > TOO_LITTLE
    large[own] = mixed[own, :3] / mixed[own, 3:]


def _window(part: slice, length: int, small: int) -> tuple[int, int, float]:
    """The small pixels around a range of the drawing's, along a side, and how many of the drawing's each is."""
    scale = length / small
    first = int(np.floor((part.start + 0.5) / scale - 0.5))
    last = int(np.floor((part.stop - 0.5) / scale - 0.5)) + 1
    return max(first, 0), min(last, small - 1) + 1, scale


def without_ink(fake: Floats, line: Pixels) -> Floats:
    """(h, w, 3) with ink replaced by the colours beside it, which it would otherwise darken when it is scaled up.

    For networks that paint ink, because the pictures that they were trained on have it: not where lines were extracted
    from pictures without any.

    Args:
        fake: (h, w, 3) in [0, 1].
        line: (h, w) the line art that the network saw.
    """
    share = line[:, :, None] / np.float32(255)  # of paper, in a pixel that the ink covers in part
    bare = (fake / np.maximum(share, 0.5)).clip(0, 1)
    paper = np.square(share)
    spread = cv2.GaussianBlur(np.concatenate([bare * paper, paper], axis=2), (0, 0), 1.5)
    beside = spread[:, :, :3] / np.maximum(spread[:, :, 3:], 1e-4)
    return np.asarray(bare * paper + beside * (1 - paper), dtype=np.float32)
