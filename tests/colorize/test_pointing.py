"""One decision a closed area, at the drawing's own size."""

import numpy as np
import pytest

from gan.arrays import Floats, Pixels
from gan.colorize.enlarge import grid_of
from gan.colorize.pointing import Seen, areas_of, color_areas
from gan.hints.areas import borders
from gan.hints.flood import Marks, closed_areas, marks_of
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


def colored(generator: Pointer, seen: Seen, line: Pixels, marks: Marks, *, flooded: bool = False) -> Floats:
    grid = grid_of(line, closed_areas(line), seen.shape)
    between = borders(line, grid.area, len(grid.thin)) if flooded else None
    return color_areas(generator, areas_of(seen, grid), line, grid.area, marks, between)


@pytest.fixture
def generator() -> Pointer:
    made = Pointer(UNet(in_channels=1, out_channels=8, width=4, depth=2), features=4, inked=True)
    made.key_scale.data.fill_(20.0)
    return made


def test_areas_go_to_the_hint_that_they_are_like(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, RED), Hint(90, 100, BLUE)], None, line.shape, area)
    colors = colored(generator, seen([0, 1, 0, 2], [-20, -20, -20, 10]), line, marks)
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
    unsure = colored(generator, seen([0, 1, 0, 2], [0, 0, 19.9, 0]), line, marks)
    assert not np.allclose(unsure[:, 125:175] * 255, RED)  # e^20 to e^19.9: .52


def test_marks_of_one_colour_are_sure_together(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    twice = marks_of([Hint(30, 100, RED), Hint(30, 200, RED)], None, line.shape, area)
    colors = colored(generator, seen([0, 1, 0, 2], [0, 30, 16.5, 30]), line, twice)
    assert np.allclose(colors[:, 125:175] * 255, RED)


def test_what_a_hint_fills_is_its_own_whatever_the_network_says(generator: Pointer) -> None:
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, RED), Hint(150, 100, BLUE)], None, line.shape, area)
    colors = colored(generator, seen([0, 0, 0, 0], [50, 50, 50, 50]), line, marks)
    assert np.allclose(colors[:, :55] * 255, RED)
    assert np.allclose(colors[:, 125:175] * 255, BLUE)


def test_a_hint_that_is_painted_over_is_pointed_at_by_nothing(generator: Pointer) -> None:
    """A person who corrects a colour paints over it; its key would be 0, nearer to an unlike area than any other."""
    line = columns()
    area = closed_areas(line)
    marks = marks_of([Hint(30, 100, BLUE), Hint(30, 100, RED)], None, line.shape, area)
    generator.key_scale.data.fill_(-20.0)
    colors = colored(generator, seen([0, 0, 0, 0], [-60, -60, -60, -60]), line, marks)
    assert np.allclose(colors * 255, RED)


def test_no_mark_is_an_error(generator: Pointer) -> None:
    line = columns()
    with pytest.raises(ValueError, match="need a mark"):
        colored(generator, seen([0, 0, 0, 0], [0, 0, 0, 0]), line, marks_of([], None, line.shape))


def test_the_flood_decides_where_the_network_cannot() -> None:
    """A line that is half open: what lies beyond it takes the colour of the hint, where nothing speaks against it."""
    generator = Pointer(UNet(in_channels=1, out_channels=8, width=4, depth=2), features=4, inked=True, flooded=True)
    generator.key_scale.data.fill_(0.0)
    generator.flood_scale.data.fill_(40.0)
    line = columns()
    line[:, 59:61] = 230  # the first line is faint
    line[::3, 59:61] = 0
    grid = grid_of(line, closed_areas(line), (SMALL, SMALL))
    marks = marks_of([Hint(30, 100, RED)], None, line.shape, grid.area)
    told = colored(generator, seen([0, 0, 0, 0], [3, 3, 3, 3]), line, marks, flooded=True) * 255
    assert np.allclose(told[:, :110], RED)
    assert not np.allclose(told[:, 125:175], RED)  # two lines away: e^-(.4 + 1) / .3 is little
