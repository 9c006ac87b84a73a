"""A coloured drawing taken apart into layers: its lines, the colours below them, and one flat colour an area.

Lines are black, as opaque as they are dark. Below them colours go on, by those of the nearest paper, and are settled to
what gives the picture: laid on each other again, the layers are the very picture that they were taken from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from gan.arrays import Bools, Ints, Pixels
from gan.colorize.preparation import Prepared
from gan.errors import RequestError
from gan.hints.flood import FREE, INK, Marks, closed_areas, fill, marks_of
from gan.hints.painted import Hint


@dataclass(frozen=True)
class Layer:
    """name: lines, colors or flat. pixels: (H, W, 4), colours not multiplied by alpha. shown: whether it is seen."""

    name: str
    pixels: Pixels
    shown: bool = True


def layers_of(
    picture: Pixels,
    drawing: Prepared,
    hints: Sequence[Hint] = (),
    hint_image: Pixels | None = None,
    *,
    flat: bool = False,
    exact: bool = True,
    bare: bool = False,
    transparent: bool = False,
    area: Ints | None = None,
) -> list[Layer]:
    """Take a coloured drawing apart; the uppermost layer first.

    Args:
        picture: (H, W, 3), its colours with its lines on top.
        drawing: as it was coloured.
        hints, hint_image: as it was coloured with.
        flat: no network did it: the colours are flat already, and there is no layer `colors`.
        exact: a hint is the pixels that are painted, and not its middle alone, around which a network is told a dab.
        bare: the lines are in the network's answer, which is all that there is: `colors`.
        transparent: leave the background out of all but the lines: the closed areas that reach the drawing's edge and
            hold no hint.
        area: (H, W) closed areas of the drawing, where they are known.

    Returns:
        lines, colors, flat. `flat` has every closed area in one colour, that of the hint which fills it, or the mean of
        its colours; under `colors` it is not shown.

    Raises:
        RequestError: the background is to be transparent, and lines are in the network's answer.
    """
    alpha = np.full(picture.shape[:2], 255, np.uint8) if drawing.alpha is None else drawing.alpha
    if bare:
        if transparent:
            raise RequestError("a transparent background needs lines beside the colours, and this answer holds both")
        return [Layer("colors", np.dstack([picture, alpha]))]
    line = drawing.line
    area = closed_areas(line) if area is None else area
    dots = hints if exact else [replace(hint, radius=0.0) for hint in hints]
    marks = marks_of(dots, hint_image, line.shape, area)
    label = fill(line, marks, area)
    inked = _share(255 - line, alpha)
    below = _below(alpha, inked)
    if transparent:
        below[_background(line, area, label)] = 0
    colors = _under_ink(picture, line)
    lines = Layer("lines", np.dstack([np.zeros_like(picture), inked]))
    if flat:
        return [lines, Layer("flat", np.dstack([colors, below]))]
    flats = np.dstack([_flat(colors, line, area, label, marks), below])
    return [lines, Layer("colors", np.dstack([colors, below])), Layer("flat", flats, shown=False)]


def merged(layers: Iterable[Layer]) -> Pixels:
    """(H, W, 4): the layers that are shown, the first uppermost, laid on each other (Porter and Duff 1984, over)."""
    shown = [layer.pixels for layer in layers if layer.shown]
    color = np.zeros((*shown[0].shape[:2], 3), np.float32)
    alpha = np.zeros((*shown[0].shape[:2], 1), np.float32)
    for pixels in reversed(shown):
        own = pixels[:, :, 3:] / np.float32(255)
        color = pixels[:, :, :3] * own + color * (1 - own)
        alpha = own + alpha * (1 - own)
    straight = color / np.maximum(alpha, 1e-6)
    return np.concatenate([straight, alpha * 255], axis=2).round().astype(np.uint8)


def _share(one: Pixels, other: Pixels) -> Pixels:
    """The product of two shares of 255."""
    return (one * (other / np.float32(255))).round().astype(np.uint8)


def _below(alpha: Pixels, inked: Pixels) -> Pixels:
    """How opaque what lies below the ink is, so that both together are `alpha`."""
    over = inked.astype(np.float32)
    below = (alpha - over) / np.maximum(255 - over, 1) * 255
    return np.where(inked == 255, alpha, below.round()).astype(np.uint8)


def _background(line: Pixels, area: Ints, label: Ints) -> Bools:
    """(H, W): the areas of paper at the drawing's edge that no hint fills."""
    edge = np.ones(line.shape, np.bool_)
    edge[1:-1, 1:-1] = False
    reached = np.zeros(int(area.max()) + 1, np.bool_)
    reached[area[edge & (line >= INK)]] = True
    reached[area[label != FREE]] = False
    background: Bools = reached[area]
    return background


def _under_ink(picture: Pixels, line: Pixels) -> Pixels:
    """(H, W, 3) colours which, times the (H, W) paper's share, are the picture, rounded: exactly so.

    Under black ink anything would do: what the nearest paper has.
    """
    dark = (line < INK).astype(np.uint8)
    share = np.maximum(line, 1).astype(np.int32)
    which = None
    if not dark.all():
        _, which = cv2.distanceTransformWithLabels(dark, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    colors = np.empty_like(picture)
    for channel in range(3):
        seen = picture[:, :, channel].astype(np.int32)
        wanted = np.minimum((seen * 510 + share) // (2 * share), 255)
        if which is not None:
            lit = np.zeros(int(which.max()) + 1, np.int32)
            lit[which[dark == 0]] = wanted[dark == 0]
            wanted = lit[which]
        # what rounds to the picture lies between two halves, and on neither
        least = (2 * seen - 1) * 255 // (2 * share) + 1
        most = -((2 * seen + 1) * -255 // (2 * share)) - 1
        settled = wanted.clip(least, most).clip(0, 255)
        colors[:, :, channel] = np.where(line == 0, wanted, settled)
    return colors


def _flat(colors: Pixels, line: Pixels, area: Ints, label: Ints, marks: Marks) -> Pixels:
    """(H, W, 3): each area in the colour of the hint that fills it, or the mean of what it has on paper."""
    count = int(area.max()) + 1
    weight = np.where(line >= INK, 1.0, 1e-6).ravel()  # an area without paper has its ink's
    total = np.maximum(np.bincount(area.ravel(), weight, count), 1e-9)
    sums = [np.bincount(area.ravel(), weight * colors[:, :, channel].ravel(), count) for channel in range(3)]
    mean = (np.stack(sums, axis=1) / total[:, None]).round().astype(np.uint8)
    flats: Pixels = mean[area]
    flats[label != FREE] = marks.color[label[label != FREE] - 1]
    return flats
