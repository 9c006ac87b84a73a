"""A small drawing on a large page, or within a scanner's frame, found: the network sees it as large as any other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from gan.arrays import Ints, Pixels
from gan.hints.painted import Hint

SIDE = 256
"""Most pixels of the page's short side at which the drawing is looked for."""
BAND = 0.12
"""Share of a side, from an edge on: ink that lies there alone is a frame, a page number or dirt."""
BLACK = 128
"""Ink is darker."""
SPECK = 0.01
"""Ink that spans no more than this share of the short side is dirt."""
MARGIN = 0.06
"""Paper that is kept around the drawing, as a share of its longer side."""
SQUARE = 1.5
"""Unless it is so many times as long as wide, a drawing is taken with paper to a square, as most pictures are."""
SMALL, FRAMED = 0.6, 0.9
"""A drawing is cropped that takes less than this share of the page's height and width; the second within a frame."""


Page = TypeVar("Page", Pixels, Ints)


@dataclass(frozen=True)
class Box:
    """Rows top to bottom and columns left to right of a page, in pixels; the ends are outside."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, page: Pixels) -> bool:
        """Whether nothing else of an (H, W) page differs from 0."""
        return bool(np.count_nonzero(self.of(page)) == np.count_nonzero(page))

    def of(self, page: Page) -> Page:
        """What lies in it of a page, (H, W) or (H, W, C)."""
        return page[self.top : self.bottom, self.left : self.right]

    def at(self, down: float, right: float) -> "Box":
        """The box on a page that is `down` times as high and `right` times as wide; never empty."""
        top, left = int(self.top * down), int(self.left * right)
        return Box(top, max(round(self.bottom * down), top + 1), left, max(round(self.right * right), left + 1))

    def moved(self, hints: Sequence[Hint]) -> list[Hint]:
        """Hints on the page -> in the box; those on the paper around it go to its rim, which is of the same paper."""
        height, width = self.bottom - self.top - 1, self.right - self.left - 1
        return [
            replace(one, x=min(max(one.x - self.left, 0), width), y=min(max(one.y - self.top, 0), height))
            for one in hints
        ]

    def around(self, picture: Pixels, line: Pixels) -> Pixels:
        """The colours of the box, (h, w, 3), on its page, (H, W): its ink on paper in the colour of the box's rim."""
        rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        page: Pixels = (np.median(rim, axis=0) * (line[:, :, None] / 255)).round().astype(np.uint8)
        self.of(page)[...] = picture
        return page


def box_of(line: Pixels) -> Box | None:
    """Where the drawing lies on a cleaned (H, W) page; None where it takes most of that, or there is none."""
    ink = (line < BLACK).astype(np.uint8) * 255
    scale = min(1.0, SIDE / min(ink.shape))
    columns, rows = (max(1, round(side * scale)) for side in ink.shape[::-1])
    seen = (cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    _, label, stats, _ = cv2.connectedComponentsWithStats(seen)
    down, across = round(BAND * rows), round(BAND * columns)
    middle = np.isin(np.arange(len(stats)), label[down : rows - down, across : columns - across])
    left, top, width, height = stats[:, :4].T
    wide = np.maximum(width, height) > SPECK * min(rows, columns)
    wide[0] = False  # the paper
    drawn, other = np.flatnonzero(middle & wide), np.flatnonzero(~middle & wide)
    if len(drawn) == 0:
        return None
    framed = bool((np.maximum(width / columns, height / rows)[other] >= SMALL).any())
    first, last = (
        (int(top[drawn].min()), int(left[drawn].min())),
        ((top + height)[drawn].max(), (left + width)[drawn].max()),
    )
    box = _with_paper(first, (int(last[0]), int(last[1])), (rows, columns))
    most = FRAMED if framed else SMALL
    if (box.bottom - box.top) > most * rows or (box.right - box.left) > most * columns:
        return None
    return box.at(line.shape[0] / rows, line.shape[1] / columns)


def _with_paper(first: tuple[int, int], last: tuple[int, int], page: tuple[int, int]) -> Box:
    """Rows and columns first to last with the paper around them, and a square if they nearly are."""
    high, wide = (end - start for start, end in zip(first, last, strict=True))
    margin = MARGIN * max(high, wide)
    nearly = max(high, wide) <= SQUARE * min(high, wide)
    ends = []
    for start, end, side in zip(first, last, page, strict=True):
        more = margin + (max(high, wide) - (end - start)) / 2 * nearly
        ends += [max(round(start - more), 0), min(round(end + more), side)]
    return Box(*ends)
