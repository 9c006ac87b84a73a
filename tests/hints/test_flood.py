"""Floods of hints: where they stop, what they leave alone, and what they paint."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from gan.arrays import Pixels
from gan.hints.flood import FREE, closed_areas, fill, flood, marks_of, paint
from gan.hints.painted import Hint
from gan.web.paths import STATIC

RED, BLUE = (200, 30, 30), (30, 30, 200)
SIZE = 256


def rooms(gap: int = 0, width: int = 3) -> Pixels:
    """A square with a wall in its middle, which has a gap of so many pixels."""
    page = np.full((SIZE, SIZE), 255, np.uint8)
    cv2.rectangle(page, (40, 60), (216, 196), 0, width)
    cv2.line(page, (128, 60), (128, 196), 0, width)
    if gap:
        page[128 - gap // 2 : 128 - gap // 2 + gap, 120:137] = 255
    return page


def filled(line: Pixels, hints: Sequence[Hint], image: Pixels | None = None) -> Pixels:
    area = closed_areas(line)
    marks = marks_of(hints, image, line.shape, area)
    return paint(fill(line, marks, area), marks, line)


LEFT, RIGHT = np.s_[66:190, 46:122], np.s_[66:190, 135:210]


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_a_hint_fills_its_area_and_no_other(gap: int) -> None:
    picture = filled(rooms(gap), [Hint(80, 128, RED)])
    assert (picture[LEFT] == RED).all()
    assert (picture[RIGHT] == 255).all()
    assert (picture[:50] == 255).all()


def test_a_wide_gap_joins_two_areas() -> None:
    picture = filled(rooms(30), [Hint(80, 128, RED)])
    assert (picture[RIGHT] == RED).all()
    assert (picture[:50] == 255).all()


def test_two_hints_share_an_area_by_distance() -> None:
    page = np.full((100, 200), 255, np.uint8)
    picture = filled(page, [Hint(40, 50, RED, 5), Hint(160, 50, BLUE, 5)])
    assert (picture[:, :95] == RED).all()
    assert (picture[:, 105:] == BLUE).all()


def test_areas_that_are_shared_stay_apart() -> None:
    hints = [Hint(80, 90, RED, 4), Hint(80, 170, BLUE, 4), Hint(170, 90, BLUE, 4), Hint(170, 170, RED, 4)]
    picture = filled(rooms(2), hints)
    assert (picture[70:125, 46:122] == RED).all()
    assert (picture[135:190, 46:122] == BLUE).all()
    assert (picture[70:125, 135:210] == BLUE).all()
    assert (picture[135:190, 135:210] == RED).all()
    assert (picture[:50] == 255).all()


def test_lines_stay_as_they_are() -> None:
    line = rooms()
    picture = filled(line, [Hint(80, 128, RED), Hint(170, 128, BLUE), Hint(5, 5, BLUE)])
    expected = np.where(line[LEFT][..., None] == 0, 0, np.array(RED))
    assert np.array_equal(picture[LEFT], expected)
    assert (picture[line == 0] == 0).all()


def test_the_flood_reaches_every_pixel_and_meets_at_the_lines() -> None:
    line = rooms()
    marks = marks_of([Hint(80, 128, RED, 4), Hint(170, 128, BLUE, 4)], None, line.shape)
    label = flood(line, marks)
    assert set(np.unique(label)) == {1, 2}
    assert (label[LEFT] == 1).all()
    assert (label[RIGHT] == 2).all()
    with pytest.raises(ValueError, match="needs a mark"):
        flood(line, marks_of([], None, line.shape))


def test_a_hint_is_exactly_its_disc() -> None:
    line = np.full((101, 101), 255, np.uint8)
    label = marks_of([Hint(50, 50, RED, 10)], None, line.shape).label
    row, column = np.nonzero(label)
    assert np.hypot(row - 50, column - 50).max() <= 10.5
    assert label.sum() == pytest.approx(np.pi * 10**2, rel=0.06)
    assert marks_of([Hint(50, 50, RED, 0.3)], None, line.shape).label.sum() == 1
    assert (
        marks_of([Hint(50, 50, RED)], None, line.shape).label.sum()
        == marks_of([Hint(50, 50, RED, 2)], None, line.shape).label.sum()
    )


def test_a_hint_without_radius_stays_in_its_area() -> None:
    line = np.full((500, 500), 255, np.uint8)
    line[:, 252:254] = 0
    line[200:203, 252:254] = 255  # a gap beside the hint
    area = closed_areas(line)
    assert not marks_of([Hint(248, 201, RED)], None, line.shape, area).label[:, 254:].any()
    assert marks_of([Hint(248, 201, RED, 10)], None, line.shape, area).label[:, 254:].any()  # painted there, and meant


def test_later_hints_lie_on_earlier_ones_and_on_the_picture() -> None:
    line = np.full((64, 64), 255, np.uint8)
    image = np.zeros((64, 64, 4), np.uint8)
    image[10:20, 10:20] = (*BLUE, 255)
    image[40:50, 40:50] = (1, 2, 3, 127)  # not opaque
    marks = marks_of([Hint(15, 15, RED, 2), Hint(15, 15, BLUE, 1)], image, line.shape)
    assert marks.color.tolist() == [list(BLUE), list(RED), list(BLUE)]
    assert (marks.label[10, 10], marks.label[15, 13], marks.label[15, 15]) == (1, 2, 3)
    assert not marks.label[40:50, 40:50].any()


def test_a_dashed_outline_holds_a_fill() -> None:
    page = np.full((512, 512), 255, np.uint8)
    for start in range(0, 360, 10):
        cv2.ellipse(page, (256, 256), (150, 150), 0, start, start + 8.5, 0, 4)  # gaps of about 4 px
    picture = filled(page, [Hint(256, 256, RED)])
    assert (picture[256, 130:380] == RED).all()
    outside = np.hypot(*np.meshgrid(np.arange(512) - 256, np.arange(512) - 256)) > 160
    assert (picture[outside] == RED).all(axis=1).mean() < 0.001


def test_closed_areas_of_a_blank_and_a_black_page() -> None:
    assert np.unique(closed_areas(np.full((40, 50), 255, np.uint8))).tolist() == [1]
    assert np.unique(closed_areas(np.zeros((40, 50), np.uint8))).tolist() == [1]
    assert len(np.unique(closed_areas(rooms()))) == 3


def test_no_mark_fills_nothing() -> None:
    line = rooms()
    assert (fill(line, marks_of([], None, line.shape), closed_areas(line)) == FREE).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 3), (3, 200)])
def test_pages_of_any_size_are_filled(shape: tuple[int, int]) -> None:
    line = np.full(shape, 255, np.uint8)
    assert (filled(line, [Hint(shape[1] - 1, 0, RED)]) == RED).all()


def test_a_hint_lies_in_the_pixel_that_its_place_is_nearest_to() -> None:
    """Pixels have their middles at whole numbers, for dabs that a network takes as for marks."""
    for place, pixel in ((9.4, 9), (9.6, 10), (0.0, 0), (39.9, 39)):
        row, column = np.nonzero(marks_of([Hint(place, place, RED, 0.4)], None, (40, 40)).label)
        assert (row.tolist(), column.tolist()) == ([pixel], [pixel])


def test_the_grey_edge_of_a_line_belongs_to_the_side_that_it_is_on() -> None:
    """A strand inside the hair: what has entered its ink at the outline does not take its edges."""
    page = cv2.imread(str(STATIC / "paint" / "characters" / "1.png"), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    strand = np.s_[112:202, 195:240]
    picture = filled(np.asarray(page, dtype=np.uint8), [Hint(260, 120, RED)])[strand]
    grey = (page[strand] > 20) & (page[strand] < 235)
    assert grey.sum() > 100
    assert (picture[grey][:, 0] > picture[grey][:, 2]).all()  # reddish, and not grey
