"""Colours of a drawing that is kept: quickly, at the size at which it is shown, or whole, to be taken away.

Both show the closed areas of the whole drawing, sampled at the size at which it is shown, so that what a person sees
while painting is filled where the whole picture will be.
"""

import os
from collections.abc import Sequence

import numpy as np

from gan.arrays import Pixels
from gan.colorize.colorizer import Colorizer
from gan.colorize.flat import fill_flat
from gan.colorize.layers import Layer, layers_of
from gan.colorize.page import Page
from gan.colorize.survey import Survey
from gan.hints.flood import closed_areas, marks_of
from gan.hints.painted import Hint, check_hints
from gan.hints.placement import picture_of
from gan.web.paint.drawings import Drawing

SMALL_WORK = 4 * 64 * 64 * 16 * 16
"""Pixels times the square of the width up to which a pass runs in one thread: four times the quickstart's."""


def color(drawing: Drawing, colorizer: Colorizer, hints: Sequence[Hint], *, whole: bool, variant: int = 0) -> Pixels:
    """A network's picture, (H, W, 3), or (h, w, 3) as it is shown; of a run that draws the colouring `variant`.

    Raises:
        RequestError: as `Colorizer.recolor`.
    """
    drawing = drawing.seen_by(colorizer)
    page = page_of(drawing, colorizer)
    if whole and drawing.is_reduced:
        return colorizer.recolor(page, hints, variant=variant)
    colorizer.check_hints(hinted=bool(hints))
    check_hints(hints, *drawing.line.shape[::-1])
    page = page.at(drawing.shown)
    known = _survey_of(drawing, colorizer, page, variant)
    return colorizer.recolor(page, drawing.on_shown(hints), known=known, variant=variant)


def color_flat(drawing: Drawing, hints: Sequence[Hint], *, whole: bool) -> Pixels:
    """The closed areas that hold a hint, filled without a network, (H, W, 3), or (h, w, 3) as it is shown.

    Raises:
        RequestError: a hint lies beside the drawing.
    """
    check_hints(hints, *drawing.line.shape[::-1])
    if whole and drawing.is_reduced:
        return fill_flat(drawing.line, closed_areas(drawing.line), hints)
    return fill_flat(drawing.shown, drawing.areas(), drawing.on_shown(hints))


def apart(
    drawing: Drawing, colorizer: Colorizer | None, hints: Sequence[Hint], picture: Pixels, *, transparent: bool
) -> list[Layer]:
    """A whole picture of `color` or `color_flat` (colorizer: None), taken apart as `gan colorize` does.

    Raises:
        RequestError: as `layers_of`.
    """
    seen = drawing if colorizer is None else drawing.seen_by(colorizer)
    return layers_of(
        *(picture, seen.prepared, hints),
        flat=colorizer is None,
        exact=colorizer is None or colorizer.exact,
        bare=colorizer is not None and seen.prepared.bare,
        transparent=transparent,
        area=None if seen.is_reduced else seen.areas(),
    )


def layer(drawing: Drawing, colorizer: Colorizer | None, hints: Sequence[Hint]) -> Pixels:
    """Hints as a picture of the drawing's size, (H, W, 4), that has the effect of the hints.

    Args:
        colorizer: None for a flat fill.

    Raises:
        RequestError: a hint lies beside the drawing, or the network knows no hints.
    """
    if colorizer is not None:
        colorizer.check_hints(hinted=True)
        drawing = drawing.seen_by(colorizer)
    line = drawing.line
    check_hints(hints, *line.shape[::-1])
    if colorizer is not None and not colorizer.exact:
        page = page_of(drawing, colorizer)
        if page.box is None:
            return picture_of(hints, page.frame, *line.shape)
        whole = np.zeros((*line.shape, 4), np.uint8)
        inside = page.box.of(whole)
        inside[...] = picture_of(page.box.moved(hints), page.frame, *inside.shape[:2])
        return whole
    marks = marks_of(hints, None, line.shape, closed_areas(line) if drawing.is_reduced else drawing.areas())
    table = np.concatenate([marks.color, np.full((len(marks.color), 1), 255, np.uint8)], axis=1)
    picture: Pixels = np.concatenate([np.zeros((1, 4), np.uint8), table])[marks.label]
    return picture


def page_of(drawing: Drawing, colorizer: Colorizer) -> Page:
    """A drawing that `Drawing.seen_by` gave, as a network takes it: prepared once for all that take it alike."""
    experiment = colorizer.experiment
    key = experiment.data.size, experiment.generator_depth, colorizer.inked, colorizer.dab_sides
    page = drawing.pages.get(key)
    if page is None:
        page = drawing.pages[key] = colorizer.prepare(drawing.prepared)
    return page


def _survey_of(drawing: Drawing, colorizer: Colorizer, page: Page, variant: int) -> Survey:
    """The areas that are shown, and what a network says of them: once a variant, for hints do not change it."""
    of, known = drawing.surveys.get(colorizer.generator, (variant, None))
    if known is None or (of != variant and known.areas is not None):
        known = colorizer.survey(page, drawing.areas(), variant=variant)
        drawing.surveys[colorizer.generator] = variant, known
    return known


def threads_for(page: Page, colorizer: Colorizer) -> int:
    """How many threads a pass is worth.

    Threads wait for each other at every layer of a network. Where the layers are small and something else runs on the
    machine, as a training does, that waiting is most of the time.
    """
    work = page.padded.size * colorizer.experiment.generator.width**2
    return 1 if work <= SMALL_WORK else os.cpu_count() or 1
