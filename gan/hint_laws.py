"""The laws of simulated hints: how many a picture gets, where they lie, and in which colour.

Each turns random numbers in [0, 1) and the true pictures of a batch into dabs, all pictures and hints at once; only
`count` draws, once a picture. All tensors are on the processor.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import torch
from torch import Tensor

from gan.hint_encoding import Dabs

CORE = 0.98
"""Least coverage of a pixel that a region's hint may lie on."""
STEPS = 32
"""Dabs along a stroke."""
JOINTS = 8
ALIKE = 0.2
"""Largest difference of a channel, in [-1, 1], along a stroke that stays on one colour."""
Count = Callable[[np.random.Generator], int]
Place = Literal["paper", "anywhere", "centre"]


@dataclass(frozen=True)
class View:
    """What a simulator sees of a batch.

    line: (B, 1, H, W) in [-1, 1]; color: (B, 3, H, W) in [-1, 1]; regions: (B, K, H, W) coverage in [0, 1], or None.
    """

    line: Tensor
    color: Tensor
    regions: Tensor | None


class Law(Protocol):
    """One way to simulate hints."""

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

    def dabs(self, numbers: Tensor, present: Tensor, order: Tensor, view: View) -> Dabs:
        """The dabs of (B, N, columns) numbers; hints that are not `present`, (B, N), get none."""
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
        """As `Law`."""
        return int(rng.integers(regions + 1) if self.share is None else rng.binomial(regions, self.share))

    def dabs(self, numbers: Tensor, present: Tensor, order: Tensor, view: View) -> Dabs:
        """As `Law`."""
        if view.regions is None:
            raise ValueError("hints of kind regions need pictures whose regions are known")
        core = view.regions >= CORE
        cumulative = core.flatten(2).cumsum(2)  # (B, K, H * W)
        area = cumulative[..., -1]
        batch, kinds = area.shape
        rank = (order[:, :kinds] + (area == 0)).argsort(dim=1)  # regions that cannot be seen come last
        seen = (area > 0).sum(dim=1, keepdim=True).clamp_min(1)
        owner = rank.gather(1, torch.arange(numbers.shape[1])[None] % seen)  # (B, N)
        every = cumulative.gather(1, owner[..., None].expand(-1, -1, cumulative.shape[2]))  # (B, N, H * W)
        places, sizes = numbers[..., 1:].chunk(2, dim=-1)
        pixel = _pick(every, places)  # (B, N, D)
        width = view.line.shape[-1]
        row, column = pixel // width, pixel % width
        color = view.color.flatten(2).transpose(1, 2).gather(1, pixel.flatten(1)[..., None].expand(-1, -1, 3))
        side = _uniform(sizes, self.sides)
        used = torch.arange(self.each[1]) < _uniform(numbers[..., :1], self.each)
        used = used & (present & (area.gather(1, owner) > 0))[..., None]
        return Dabs(
            (row - side // 2).flatten(1),
            (column - side // 2).flatten(1),
            (side * used).flatten(1),
            color.view(batch, -1, 3),
            core,
            owner.repeat_interleave(self.each[1], dim=1),
        )


@dataclass(frozen=True)
class Points:
    """Square patches in their mean colour.

    number: how many. sides: least and most of a side in pixels, uniform; or `share` of the picture's width, at least a
    pixel. place: uniform off the ink, uniform anywhere, or a Gaussian about the middle (standard deviation a quarter of
    the picture).
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

    def count(self, rng: np.random.Generator, regions: int) -> int:  # noqa: ARG002 -- as `Law`
        """As `Law`."""
        return self.number(rng)

    def dabs(self, numbers: Tensor, present: Tensor, order: Tensor, view: View) -> Dabs:  # noqa: ARG002
        """As `Law`."""
        height, width = view.line.shape[-2:]
        sides = self.sides if self.share is None else (max(1, round(self.share * width)),) * 2
        side = _uniform(numbers[..., 2], sides)
        top, left = self._corner(numbers, height - side, width - side, side, view.line)
        return Dabs(top, left, side * present, _patch_means(view.color, top, left, side))

    def _corner(
        self, numbers: Tensor, rows: Tensor, columns: Tensor, side: Tensor, line: Tensor
    ) -> tuple[Tensor, Tensor]:
        """First rows, 0..rows, and first columns, 0..columns."""
        match self.place:
            case "centre":
                return _centred(numbers[..., 0], rows), _centred(numbers[..., 1], columns)
            case "anywhere":
                return (numbers[..., 0] * (rows + 1)).long(), (numbers[..., 1] * (columns + 1)).long()
            case "paper":
                middle, width = _off_ink(line, numbers[..., 0]), line.shape[-1]
                top = (middle // width - side // 2).clamp_min(0)
                return torch.minimum(top, rows), torch.minimum((middle % width - side // 2).clamp_min(0), columns)


@dataclass(frozen=True)
class Strokes:
    """Brush strokes of one colour each, that of the pixel where they begin.

    number: how many; thickness: least and most, as shares of the width, at least a pixel. length: of a wandering
    stroke, as a share of the width, which ends where the colour changes; None: scribbles of up to four vertices, `jump`
    of the width from their beginning at most, whatever they cross.
    """

    number: Count
    thickness: tuple[float, float]
    length: float | None = None
    jump: float = 10 / 128
    without: float = 0.0

    @property
    def columns(self) -> int:
        """A place, a thickness, a direction or the number of vertices, and a number a joint."""
        return 3 + 2 * JOINTS

    def count(self, rng: np.random.Generator, regions: int) -> int:  # noqa: ARG002 -- as `Law`
        """As `Law`."""
        return self.number(rng)

    def dabs(self, numbers: Tensor, present: Tensor, order: Tensor, view: View) -> Dabs:  # noqa: ARG002
        """As `Law`."""
        height, width = view.line.shape[-2:]
        start = _off_ink(view.line, numbers[..., 0]) if self.length else (numbers[..., 0] * height * width).long()
        low, high = self.thickness
        side = (width * (low + (high - low) * numbers[..., 1])).round().long().clamp_min(1)
        shift = self._walk(numbers, width) if self.length else self._scribble(numbers, width)
        row = (start // width)[..., None] + shift[..., 0].round().long()  # (B, N, STEPS)
        column = (start % width)[..., None] + shift[..., 1].round().long()
        pixel = row.clamp(0, height - 1) * width + column.clamp(0, width - 1)
        flat = view.color.flatten(2).transpose(1, 2)  # (B, H * W, 3)
        along = flat.gather(1, pixel.flatten(1)[..., None].expand(-1, -1, 3)).view(*pixel.shape, 3)
        color = along[:, :, :1].expand_as(along)
        kept = present[..., None].expand_as(pixel)
        if self.length:
            alike = (along - color).abs().amax(dim=-1) < ALIKE
            kept = kept & (alike.long().cumprod(dim=2) > 0)
        offset = (side // 2)[..., None]
        return Dabs(
            (row - offset).flatten(1),
            (column - offset).flatten(1),
            (side[..., None] * kept).flatten(1),
            color.flatten(1, 2),
        )

    def _walk(self, numbers: Tensor, width: int) -> Tensor:
        """(B, N, STEPS, 2) shifts of a stroke that bends a little at every step."""
        assert self.length is not None
        bend = (numbers[..., 3:] - 0.5).repeat_interleave(STEPS // (2 * JOINTS), dim=-1).cumsum(dim=-1) * 0.5
        angle = 2 * math.pi * numbers[..., 2:3] + bend
        step = torch.stack([torch.sin(angle), torch.cos(angle)], dim=-1) * (self.length * width / STEPS)
        return step.cumsum(dim=2) - step[:, :, :1]

    def _scribble(self, numbers: Tensor, width: int) -> Tensor:
        """(B, N, STEPS, 2) shifts along straight lines from vertex to vertex."""
        vertices = 1 + (numbers[..., 2] * 4).long()
        corner = (numbers[..., 3 : 3 + 8].reshape(*numbers.shape[:2], 4, 2) - 0.5) * (2 * self.jump * width)
        time = torch.linspace(0, 1, STEPS) * (vertices - 1)[..., None]
        before = time.floor().long().clamp(max=3)
        after = torch.minimum(before + 1, (vertices - 1)[..., None].clamp_min(0))
        start, end = (corner.gather(2, index[..., None].expand(-1, -1, -1, 2)) for index in (before, after))
        return start + (end - start) * (time - before)[..., None]


def _uniform(numbers: Tensor, ends: tuple[int, int]) -> Tensor:
    """Numbers in [0, 1) -> whole numbers from the first end to the last."""
    return ends[0] + (numbers * (ends[1] - ends[0] + 1)).long()


def _pick(cumulative: Tensor, numbers: Tensor) -> Tensor:
    """Pixels chosen uniformly among those that a (..., H * W) running count counts: (..., D) numbers -> (..., D)."""
    area = cumulative[..., -1:]
    target = (numbers * area).long().clamp(max=(area - 1).clamp_min(0)) + 1
    return torch.searchsorted(cumulative, target).clamp(max=cumulative.shape[-1] - 1)


def _off_ink(line: Tensor, numbers: Tensor) -> Tensor:
    """(B, N) numbers -> (B, N) pixels, uniform over those lighter than mid-grey; over all where none is."""
    paper = line.flatten(1) >= 0
    paper = paper | ~paper.any(dim=1, keepdim=True)
    return _pick(paper.cumsum(1), numbers)


def _centred(numbers: Tensor, room: Tensor) -> Tensor:
    """Uniform numbers -> first rows or columns, Gaussian about the middle of 0..room."""
    place = (room + 1) / 2 + torch.special.ndtri(numbers.clamp(1e-6, 1 - 1e-6)) * (room + 1) / 4
    return torch.minimum(place.clamp_min(0).long(), room)


def _patch_means(color: Tensor, top: Tensor, left: Tensor, side: Tensor) -> Tensor:
    """(B, N, 3) mean colours of squares that lie inside the (B, 3, H, W) picture, by its summed-area table."""
    batch, _, height, width = color.shape
    table = torch.zeros(batch, 3, height + 1, width + 1, dtype=torch.float64)
    table[..., 1:, 1:] = color.double().cumsum(2).cumsum(3)
    flat = table.flatten(2).transpose(1, 2)

    def at(row: Tensor, column: Tensor) -> Tensor:
        return flat.gather(1, (row * (width + 1) + column)[..., None].expand(-1, -1, 3))

    bottom, right = top + side, left + side
    total = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)
    return (total / (side * side)[..., None]).float()
