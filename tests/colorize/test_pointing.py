"""One decision a closed area, at the drawing's own size."""

import numpy as np
import pytest

from gan.arrays import Pixels
from gan.colorize.pointing import Seen, color_areas, survey
from gan.hints.flood import closed_areas, marks_of
from gan.hints.painted import Hint
from gan.models.pointer import Pointer
from gan.models.unet import UNet

RED, BLUE = (200, 30, 30), (30, 30, 200)
SIZE, SMALL = 240, 24


def columns() -> Pixels:
    """Four columns between lines."""
    line = np.full((SIZE, SIZE), 255, np.uint8)
    for column in (59, 119, 179):
        line[:, column : column + 2] = 0
    return line


def seen(kinds: list[int], none: list[float]) -> Seen:
    """Columns that are of a kind each: equal kinds have equal keys."""
    column = np.arange(SMALL) * 4 // SMALL
    keys = np.eye(4)[np.array(kinds)][column]  # (w, 4)
    whole = np.tile(keys, (SMALL, 1))
    color = np.tile(np.linspace(0, 1, SMALL)[:, None].repeat(3, axis=1), (SMALL, 1))
    return Seen(color, whole, np.tile(np.array(none)[column][:, None], (SMALL, 1)), (SMALL, SMALL))


@pytest.fixture
def generator() -> Pointer:
    made = Pointer(UNet(in_channels=1, out_channels=8, width=4, depth=2), features=4, inked=True)
    made.key_scale.data.fill_(20.0)
    return made


def test_areas_go_to_the_hint_that_they_are_like(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, RED), Hint(90, 100, BLUE)], None, line.shape, area)
    colors = color_areas(generator, survey(seen([0, 1, 0, 2], [-20, -20, -20, 10]), line, area), line, marks)
    assert np.allclose(colors[:, :55] * 255, RED)
    assert np.allclose(colors[:, 65:115] * 255, BLUE)
    assert np.allclose(colors[:, 125:175] * 255, RED)  # no hint in it, and like the first
    own = colors[:, 185:]
    assert np.allclose(own, own[0, 0])  # like none: flat, in the mean of the network's own
    assert own.mean() == pytest.approx(np.linspace(0, 1, SMALL)[18:].mean(), abs=0.02)


def test_an_area_that_is_not_sure_stays_with_the_network(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, RED)], None, line.shape, area)
    unsure = color_areas(generator, survey(seen([0, 1, 0, 2], [0, 0, 18, 0]), line, area), line, marks)
    assert not np.allclose(unsure[:, 125:175] * 255, RED)  # e^20 to e^18: .88


def test_marks_of_one_colour_are_sure_together(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    twice = marks_of([Hint(30, 100, RED), Hint(30, 200, RED)], None, line.shape, area)
    colors = color_areas(generator, survey(seen([0, 1, 0, 2], [0, 30, 16.5, 30]), line, area), line, twice)
    assert np.allclose(colors[:, 125:175] * 255, RED)


def test_what_a_hint_fills_is_its_own_whatever_the_network_says(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, RED), Hint(150, 100, BLUE)], None, line.shape, area)
    colors = color_areas(generator, survey(seen([0, 0, 0, 0], [50, 50, 50, 50]), line, area), line, marks)
    assert np.allclose(colors[:, :55] * 255, RED)
    assert np.allclose(colors[:, 125:175] * 255, BLUE)


def test_a_hint_that_is_painted_over_is_pointed_at_by_nothing(generator: Pointer) -> None:
    """A person who corrects a colour paints over it; its key would be 0, nearer to an unlike area than any other."""
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, BLUE), Hint(30, 100, RED)], None, line.shape, area)
    generator.key_scale.data.fill_(-20.0)
    colors = color_areas(generator, survey(seen([0, 0, 0, 0], [-60, -60, -60, -60]), line, area), line, marks)
    assert np.allclose(colors * 255, RED)


def test_no_mark_is_an_error(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    with pytest.raises(ValueError, match="need a mark"):
        color_areas(
            generator, survey(seen([0, 0, 0, 0], [0, 0, 0, 0]), line, area), line, marks_of([], None, line.shape, area)
        )
