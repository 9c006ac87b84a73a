"""The laws of simulated hints: how many a picture gets, where they lie, and in which colour.

Each turns random numbers in [0, 1) and the true pictures of a batch into dabs, all pictures and hints at once; only
`count` draws, once a picture. Arrays are numpy's, as in `gan.hints.encoding`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from gan.arrays import Bools, Floats, Ints
from gan.hints.encoding import Dabs, covered

CORE = 0.98
"""Least coverage of a pixel that a region's hint may lie on."""
BENDS = 12
STEPS = 2 * BENDS
"""Dabs along a stroke."""
ALIKE = 0.2
"""Largest difference of a channel, in [-1, 1], along a stroke that stays on one colour."""
Count = Callable[[np.random.Generator], int]
Place = Literal["paper", "anywhere", "centre"]


@dataclass(frozen=True)
class View:
    """What a simulator sees of a batch.

    line: (B, 1, H, W) in [-1, 1]; color: (B, 3, H, W) in [-1, 1]; regions: (B, K, H, W) coverage in [0, 1], or None.
    """

    line: Floats
    color: Floats
    regions: Floats | None


@dataclass(frozen=True)
class Numbers:
    """The random numbers of the hints of a batch, a row a hint, M hints in all.

    uniform: (M, simulator.columns) in [0, 1); picture: (M,) index into the batch; slot: (M,) which hint of its picture,
    from 0 on; order: (B, n), sorts the regions.
    """

    uniform: Floats
    picture: Ints
    slot: Ints
    order: Floats


class HintSimulator(Protocol):
    """One way to simulate hints: a law of their number, place, size and colour."""

    @property
    def columns(self) -> int:
        """Random numbers of one hint."""
        ...

    @property
    def without(self) -> float:
        """Share of training pictures without any hint, beyond those that `count` leaves without."""
        ...

    def count(self, rng: np.random.Generator, regions: int) -> int:
        """How many hints a training picture gets."""
        ...

    def reach(self, short_side: int) -> tuple[int, int]:
        """Least and most of a dab's side, in pixels, on a picture of that short side."""
        ...

    def dabs(self, numbers: Numbers, view: View) -> Dabs:
        """The dabs of the hints of a batch."""
        ...


@dataclass(frozen=True)
class Regions:
    """Dabs inside the coverage maps of hinted regions, in their colours.

    Hint j falls in region j of a random order; beyond the last region another round begins.

    share: probability that a region is hinted; None: the number of hinted regions is uniform in 0..K. sides: least and
    most of a dab's side in pixels. each: fewest and most dabs of a hint. Both are uniform.
    """

    share: float | None
    sides: tuple[int, int]
    each: tuple[int, int]
    without: float

    @property
    def columns(self) -> int:
        """How many dabs, and the place and the side of each."""
        return 1 + 2 * self.each[1]

    def count(self, rng: np.random.Generator, regions: int) -> int:
        """Uniform in 0..K, or each region by itself with probability `share`."""
        return int(rng.integers(regions + 1) if self.share is None else rng.binomial(regions, self.share))

    def reach(self, short_side: int) -> tuple[int, int]:  # noqa: ARG002 -- the protocol's signature
        """The configured sides, whatever the picture's."""
        return self.sides

    def dabs(self, numbers: Numbers, view: View) -> Dabs:
        """Dabs inside the cores of their regions, cut off at the edges."""
        if view.regions is None:
            raise ValueError("hints of kind regions need pictures whose regions are known")
        core = view.regions >= CORE
        batch, kinds, height, width = core.shape
        flat = core.reshape(batch, kinds, height * width)
        seen = flat.any(axis=2)  # (B, K)
        rank = (numbers.order[:, :kinds] + ~seen).argsort(axis=1)  # regions that cannot be seen come last
        number = seen.sum(axis=1)
        owner = rank[numbers.picture, numbers.slot % np.maximum(number, 1)[numbers.picture]]  # (M,)
        places, sizes = np.split(numbers.uniform[:, 1:], 2, axis=1)
        used = np.arange(self.each[1]) < _uniform(numbers.uniform[:, :1], self.each)
        hint, dab = np.nonzero(used & (number[numbers.picture] > 0)[:, None])
        picture, owner = numbers.picture[hint], owner[hint]
        pixel = _pick(flat.reshape(batch * kinds, -1), picture * kinds + owner, places[hint, dab])
        side = _uniform(sizes[hint, dab], self.sides)
        color = _pixels(view.color)[picture, :, pixel]
        return Dabs(picture, pixel // width - side // 2, pixel % width - side // 2, side, color, core, owner)


@dataclass(frozen=True)
class Points:
    """Square patches in their mean colour.

    number: how many. sides: least and most of a side in pixels, uniform; or `share` of the picture's short side, at
    least a pixel. place: uniform off the ink, uniform anywhere, or a Gaussian about the middle (standard deviation a
    quarter of the picture).
    """

    number: Count
    sides: tuple[int, int] = (1, 9)
    share: float | None = None
    place: Place = "paper"
    without: float = 0.0

    @property
    def columns(self) -> int:
        """Two for the place, one for the side."""
        return 3

    def count(self, rng: np.random.Generator, regions: int) -> int:  # noqa: ARG002 -- the protocol's signature
        """A draw of `number`; regions play no part."""
        return self.number(rng)

    def reach(self, short_side: int) -> tuple[int, int]:
        """The configured sides, or `share` of the picture's."""
        return self.sides if self.share is None else (max(1, round(self.share * short_side)),) * 2

    def dabs(self, numbers: Numbers, view: View) -> Dabs:
        """A square a hint, in the mean colour of the picture below it."""
        height, width = view.line.shape[-2:]
        side = _uniform(numbers.uniform[:, 2], self.reach(min(height, width)))
        top, left = self._corner(numbers, height - side, width - side, side, view.line)
        return Dabs(numbers.picture, top, left, side, _patch_means(view.color, numbers.picture, top, left, side))

    def _corner(self, numbers: Numbers, rows: Ints, columns: Ints, side: Ints, line: Floats) -> tuple[Ints, Ints]:
        """First rows, 0..rows, and first columns, 0..columns."""
        down, across = numbers.uniform[:, 0], numbers.uniform[:, 1]
        match self.place:
            case "centre":
                return _centred(down, across, rows, columns)
            case "anywhere":
                return _uniform(down, (0, rows)), _uniform(across, (0, columns))
            case "paper":
                middle, width = _off_ink(line, numbers.picture, down), line.shape[-1]
                top, left = middle // width - side // 2, middle % width - side // 2
                return top.clip(0, rows), left.clip(0, columns)


@dataclass(frozen=True)
class Strokes:
    """Brush strokes of one colour each, that of the pixel where they begin.

    number: how many; thickness: least and most, as shares of the short side, at least a pixel. length: of a wandering
    stroke, as such a share, which ends where the colour changes; None: scribbles of up to four vertices, `jump` of the
    short side from their beginning at most, whatever they cross.
    """

    number: Count
    thickness: tuple[float, float]
    length: float | None = None
    jump: float = 10 / 128
    without: float = 0.0

    @property
    def columns(self) -> int:
        """A place, a thickness, a direction or the number of vertices, and the bends or the vertices."""
        return 3 + BENDS

    def count(self, rng: np.random.Generator, regions: int) -> int:  # noqa: ARG002 -- the protocol's signature
        """A draw of `number`; regions play no part."""
        return self.number(rng)

    def reach(self, short_side: int) -> tuple[int, int]:
        """`thickness` of the short side."""
        return max(1, round(self.thickness[0] * short_side)), max(1, round(self.thickness[1] * short_side))

    def dabs(self, numbers: Numbers, view: View) -> Dabs:
        """`STEPS` squares along each stroke, in the colour where it begins."""
        height, width = view.line.shape[-2:]
        short = min(height, width)
        uniform, picture = numbers.uniform, numbers.picture[:, None]
        if self.length:
            start, shift = _off_ink(view.line, numbers.picture, uniform[:, 0]), self._walk(uniform, short)
        else:
            start, shift = _uniform(uniform[:, 0], (0, height * width - 1)), self._scribble(uniform, short)
        low, high = self.thickness
        side = (short * (low + (high - low) * uniform[:, 1:2])).round().astype(np.int64).clip(1)
        row = (start // width)[:, None] + shift[..., 0].round().astype(np.int64)  # (M, STEPS)
        column = (start % width)[:, None] + shift[..., 1].round().astype(np.int64)
        pixel = row.clip(0, height - 1) * width + column.clip(0, width - 1)
        along = _pixels(view.color)[picture, :, pixel]  # (M, STEPS, 3)
        alike = np.ones_like(pixel, dtype=np.bool_)
        if self.length:
            for channel in (np.abs(along - along[:, :1]) < ALIKE).transpose(2, 0, 1):
                alike &= channel
        kept = np.logical_and.accumulate(alike, axis=1)
        stroke, _ = np.nonzero(kept)
        side = side[stroke, 0]
        return Dabs(numbers.picture[stroke], row[kept] - side // 2, column[kept] - side // 2, side, along[stroke, 0])

    def _walk(self, uniform: Floats, short: int) -> Floats:
        """(M, STEPS, 2) shifts of a stroke that bends a little at every other step."""
        assert self.length is not None
        bend = (uniform[:, 3:] - 0.5).repeat(STEPS // BENDS, axis=1).cumsum(axis=1) * 0.5
        angle = 2 * math.pi * uniform[:, 2:3] + bend
        step = np.stack([np.sin(angle), np.cos(angle)], axis=2) * (self.length * short / STEPS)
        shifts: Floats = step.cumsum(axis=1) - step[:, :1]
        return shifts

    def _scribble(self, uniform: Floats, short: int) -> Floats:
        """(M, STEPS, 2) shifts along straight lines from vertex to vertex."""
        last = _uniform(uniform[:, 2:3], (0, 3))  # index of the last vertex
        corner = (uniform[:, 3 : 3 + 8].reshape(-1, 4, 2) - 0.5) * (2 * self.jump * short)
        time = np.linspace(0, 1, STEPS) * last  # (M, STEPS)
        before = time.astype(np.int64)
        after = np.minimum(before + 1, last)
        hint = np.arange(len(uniform))[:, None]
        start, end = corner[hint, before], corner[hint, after]
        shifts: Floats = start + (end - start) * (time - before)[..., None]
        return shifts


def _pixels(planes: Floats) -> Floats:
    """(B, C, H, W) -> (B, C, H * W)."""
    return planes.reshape(*planes.shape[:2], -1)


def _uniform(numbers: Floats, ends: tuple[int | Ints, int | Ints]) -> Ints:
    """Numbers in [0, 1) -> whole numbers from the first end to the last."""
    return ends[0] + (numbers * (ends[1] - ends[0] + 1)).astype(np.int64)


def _pick(allowed: Bools, row: Ints, numbers: Floats) -> Ints:
    """Pixels chosen uniformly among those that are allowed.

    Args:
        allowed: (R, H * W), with one at least in every row that is asked for.
        row: (M,) which row. numbers: (M,) in [0, 1).

    Returns:
        (M,) pixels.
    """
    running = allowed.reshape(-1).cumsum(dtype=np.int32)  # over all rows, so that one search finds them all
    end = running[allowed.shape[1] - 1 :: allowed.shape[1]]
    start = np.concatenate([np.zeros(1, np.int32), end[:-1]])
    target = start[row] + (numbers * (end - start)[row]).astype(np.int32) + 1
    pixel: Ints = np.searchsorted(running, target.astype(np.int32)) - row * allowed.shape[1]
    return pixel


def _off_ink(line: Floats, picture: Ints, numbers: Floats) -> Ints:
    """(M,) numbers -> (M,) pixels, uniform over those lighter than mid-grey; over all where none is."""
    paper = _pixels(line)[:, 0] >= 0
    return _pick(paper | ~paper.any(axis=1, keepdims=True), picture, numbers)


def _centred(down: Floats, across: Floats, rows: Ints, columns: Ints) -> tuple[Ints, Ints]:
    """Uniform numbers -> first rows and columns, Gaussian about the middle (Box and Muller 1958)."""
    radius, angle = np.sqrt(-2 * np.log1p(-down)), 2 * math.pi * across

    def place(room: Ints, deviation: Floats) -> Ints:
        return np.clip((room + 1) / 2 + deviation * (room + 1) / 4, 0, room).astype(np.int64)

    return place(rows, radius * np.cos(angle)), place(columns, radius * np.sin(angle))


def _patch_means(color: Floats, picture: Ints, top: Ints, left: Ints, side: Ints) -> Floats:
    """(M, 3) mean colours of squares that lie inside their (3, H, W) pictures."""
    square, pixel = covered(top, left, side, *color.shape[-2:])
    colors = _pixels(color)[picture[square], :, pixel]  # (P, 3), square by square
    total = np.add.reduceat(colors, np.concatenate([[0], np.cumsum(side * side)[:-1]]), axis=0, dtype=np.float64)
    means: Floats = total / (side * side)[:, None]
    return means
