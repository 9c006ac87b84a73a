"""A small picture's colours brought to the size of the drawing along its lines: no colour crosses one.

Enlarged without the drawing, a pixel of the network's spans lines that it cannot show. Here a pixel of the drawing is
interpolated between the four pixels of the small picture around it as ever, but each counts by how much of it belongs
to the drawing's closed area that the pixel lies in (joint bilateral upsampling, Kopf et al. 2007, with areas in the
place of a range kernel): shading inside an area survives, and colours mix across no line. Areas that no small pixel has
the half of take one colour, the mean of what they have.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from gan.arrays import Bools, Floats, Ints, Pixels
from gan.hints.areas import INK_COUNTS, numbered, places

MOST = 4
"""Areas of a small pixel that are told apart, those of which it has most."""
THIN = 0.5
PURE = 4
"""Power of a small pixel's share: one that a line passes through is of a mixed colour, and says little."""
ROWS = 256
"""Rows of a drawing at once, for the memory's sake."""


@dataclass(frozen=True)
class Grid:
    """How a drawing's closed areas lie on a smaller picture, whose pixels are numbered row by row.

    area: (H, W) of the drawing, from 0 on. held: (h * w, MOST) areas of each small pixel, -1 for none. share: (h * w,
    MOST) their parts of it, in [0, 1]. means: (A, h * w) weights by which a product with the small pixels' values is
    the mean of each area. thin: (A,) whether no small pixel is for the greater part of it. shape: h and w.
    """

    area: Ints
    held: Ints
    share: Floats
    means: csr_array
    thin: Bools
    shape: tuple[int, int]

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return sum(part.nbytes for part in (self.area, self.held, self.share, self.means.data, self.means.indices))


def grid_of(line: Pixels, area: Ints, shape: tuple[int, int]) -> Grid:
    """The grid of an (H, W) drawing and its closed areas, on a picture of `shape`."""
    area, count = numbered(area)
    pixels = shape[0] * shape[1]
    weight = INK_COUNTS + (1 - INK_COUNTS) * line.ravel() / 255
    sums = csr_array((weight, (places(line.shape, shape), area.ravel())), shape=(pixels, count))
    sums.sum_duplicates()
    row = np.repeat(np.arange(pixels), np.diff(sums.indptr))
    share = sums.data / np.asarray(sums.sum(axis=1))[row]
    order = np.lexsort((-share, row))
    rank = np.arange(len(row)) - sums.indptr[row]
    kept = order[rank < MOST]
    held, parts = np.full((pixels, MOST), -1), np.zeros((pixels, MOST), np.float32)
    held[row[kept], rank[rank < MOST]], parts[row[kept], rank[rank < MOST]] = sums.indices[kept], share[kept]
    by_area = csr_array((share * sums.data, (sums.indices, row)), shape=(count, pixels))
    total = np.maximum(np.asarray(by_area.sum(axis=1)), 1e-9)
    widest = np.zeros(count)
    np.maximum.at(widest, sums.indices, share)
    return Grid(area, held, parts, csr_array(by_area.multiply(1 / total[:, None])), widest < THIN, shape)


def along_lines(colors: Floats, grid: Grid) -> Floats:
    """(h, w, 3) colours -> (H, W, 3), float32."""
    flat = colors.reshape(-1, 3).astype(np.float32)
    mean = np.asarray(grid.means @ flat, dtype=np.float32)
    height, width = grid.area.shape
    large = np.empty((height, width, 3), np.float32)
    for top in range(0, height, ROWS):
        rows = np.arange(top, min(top + ROWS, height))
        large[rows] = _rows(rows, flat, mean, grid)
    return large


def _rows(rows: Ints, flat: Floats, mean: Floats, grid: Grid) -> Floats:
    """(R, W, 3) of some rows."""
    area = grid.area[rows]
    down, across = (
        _between(rows, grid.area.shape[0], grid.shape[0]),
        _between(np.arange(grid.area.shape[1]), grid.area.shape[1], grid.shape[1]),
    )
    total = np.zeros((*area.shape, 3), np.float32)
    weights = np.zeros(area.shape, np.float32)
    for row, row_weight in down:
        for column, column_weight in across:
            place = row[:, None] * grid.shape[1] + column
            share = np.zeros(area.shape, np.float32)
            for rank in range(MOST):
                share += (grid.held[:, rank][place] == area) * grid.share[:, rank][place]
            weight = row_weight[:, None] * column_weight * share**PURE
            weights += weight
            total += weight[..., None] * flat[place]
    lost = (weights < 1e-6) | grid.thin[area]
    return np.where(lost[..., None], mean[area], total / np.maximum(weights, 1e-6)[..., None])


def _between(index: Ints, length: int, small: int) -> list[tuple[Ints, Floats]]:
    """The two small pixels on either side of each pixel along a side, and their weights."""
    middle = (index + 0.5) * small / length - 0.5
    first = np.floor(middle).astype(np.int64)
    part = (middle - first).astype(np.float32)
    return [(first.clip(0, small - 1), 1 - part), ((first + 1).clip(0, small - 1), part)]
