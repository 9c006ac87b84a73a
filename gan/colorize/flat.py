"""Drawings filled with flat colours: the hints alone, flooded to the lines, without any network."""

from collections.abc import Iterable, Sequence

from gan.arrays import Ints, Pixels
from gan.colorize.arguments import Picture, drawing_of, hint_picture_of, hints_of
from gan.colorize.drawing import clean, luminance, on_paper
from gan.hints.flood import closed_areas, fill, marks_of, paint
from gan.hints.painted import Hint, check_hints


def color_flat(
    drawing: Picture, hints: Iterable[Hint] = (), *, hint_image: Picture | None = None, raw: bool = False
) -> Pixels:
    """Fill the closed areas of a drawing that hold a hint; the others stay white.

    Args:
        drawing: (H, W), (H, W, 3) or (H, W, 4) uint8, or a picture of Pillow.
        hints: dabs of colour, in pixels of the drawing.
        hint_image: (H, W, 4) uint8 of the drawing's size, whose opaque pixels are hints.
        raw: take the drawing as it is: paper is not brought to white, nor ink to black.

    Returns:
        (H, W, 3) uint8 sRGB, the drawing's lines on top.

    Raises:
        RequestError: an argument is not what it must be, or a hint lies outside the drawing.
    """
    pixels, hints = drawing_of(drawing), hints_of(hints)
    check_hints(hints, pixels.shape[1], pixels.shape[0])
    image = hint_picture_of(hint_image, pixels.shape[:2])
    line = (luminance if raw else clean)(on_paper(pixels))
    return fill_flat(line, closed_areas(line), hints, image)


def fill_flat(line: Pixels, area: Ints, hints: Sequence[Hint], hint_image: Pixels | None = None) -> Pixels:
    """Fill the (H, W) closed areas of (H, W) clean line art as `color_flat` does."""
    marks = marks_of(hints, hint_image, line.shape, area)
    return paint(fill(line, marks, area), marks, line)
