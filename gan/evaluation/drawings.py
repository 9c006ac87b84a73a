"""`fill` and `bleed` on a person's own pictures: by closed areas of the drawing, at its own size.

Regions are not known there, but a drawing has areas that its lines close (`gan.hints.flood`): what a point hint is
meant for is the area that it lies in, shared by distance where several lie in one. The picture is what `gan colorize`
makes of the drawing with these hints.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from gan import seeds
from gan.arrays import Floats, Ints, Pixels
from gan.data.fixed import spread
from gan.data.sources import FilePictures
from gan.evaluation.score import FILLING
from gan.hints.flood import INK, Marks, closed_areas, fill, flood, marks_of
from gan.hints.flood import paint as paint_labels
from gan.hints.painted import Hint
from gan.metrics.catalog import WATERSHED
from gan.metrics.cielab import srgb_to_lab
from gan.metrics.filling import fill_and_bleed, merged

MOST_PICTURES = 32
"""Evenly spread over a side: a picture at full size takes a second."""
MOST_SIDE = 1024
"""Longer short sides are brought down to this."""
Painter = Callable[[Pixels, Sequence[Hint]], Pixels]
"""An (H, W) drawing and hints -> (H, W, 3)."""


def measure(pictures: FilePictures, seed: int, count: int, paint: Painter) -> dict[str, dict[str, float]]:
    """`fill` and `bleed` with `count` point hints a picture: of the painter, as `fake`, and of the watershed.

    fill is the mean over the hints of a picture, bleed the median, for a hint in a sliver must not speak for all; then
    the mean over pictures. Hints lie at random off the ink, the first two of five being the two, and have the true
    colour of their pixel.
    """
    found: dict[str, list[Floats]] = {"fake": [], WATERSHED: []}
    for index in spread(pictures, MOST_PICTURES):
        key = pictures.key(index)
        color, line = pictures.large(index, seeds.rng(seed, "evaluate", key), MOST_SIDE)
        hints = points(color, line, seeds.rng(0, "hints at full size", key), count)
        if not hints:
            continue
        area = closed_areas(line)
        marks = marks_of(hints, None, line.shape, area)
        made = {"fake": paint(line, hints), WATERSHED: paint_labels(flood(line, marks), marks, line)}
        for name, picture in made.items():
            found[name].append(judge(picture, color, fill(line, marks, area), line, marks))
    means = {name: np.nanmean(values, axis=0) for name, values in found.items() if values}
    return {name: dict(zip(FILLING, map(float, values), strict=True)) for name, values in means.items()}


def points(color: Pixels, line: Pixels, rng: np.random.Generator, count: int) -> list[Hint]:
    """Point hints at random off the ink of (H, W) lines, in the true colours of (H, W, 3); fewer where all is ink."""
    row, column = np.divmod(rng.permutation(np.flatnonzero(line >= INK))[:count], line.shape[1])
    return [
        Hint(int(x), int(y), (int(red), int(green), int(blue)))
        for x, y, (red, green, blue) in zip(column, row, color[row, column], strict=True)
    ]


def judge(picture: Pixels, color: Pixels, label: Ints, line: Pixels, marks: Marks) -> Floats:
    """(2,) fill and bleed of a picture.

    Args:
        picture, color: (H, W, 3), and the truth.
        label: (H, W) from 1 on, the mark whose area a pixel is of; 0: of none. Ink is of none.
        line: (H, W).
        marks: the hints.
    """
    number = torch.arange(1, len(marks.color) + 1)[:, None, None]
    areas = (torch.from_numpy(label) == number) & torch.from_numpy(line >= INK)
    hints = _lab(marks.color[None])[:, :, 0].mT  # (1, M, 3)
    fills, bleeds = fill_and_bleed(_lab(picture), _lab(color), merged(areas[None], hints), hints)
    return np.array([float(fills.nanmean()), float(bleeds.nanquantile(0.5))])


def _lab(picture: Pixels) -> Tensor:
    """(H, W, 3) of 0..255 -> (1, 3, H, W) CIELAB."""
    return srgb_to_lab(torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None].float() / 255)
