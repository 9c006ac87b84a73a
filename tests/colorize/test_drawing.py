"""Drawings of every kind become dark lines on white."""

import time

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gan.colorize.drawing import clean, fit, luminance, on_paper, stroke_width
from gan.errors import RequestError
from tests.support.drawings import on, sketch

Pixels = NDArray[np.uint8]


def assert_like(cleaned: Pixels, page: Pixels) -> None:
    """White where the page is white, black where it is black."""
    assert cleaned.shape == page.shape
    assert cleaned[page == 255].mean() > 250
    assert (cleaned[page == 255] > 240).mean() > 0.99
    assert cleaned[page == 0].mean() < 30


def test_clean_ink_on_white_stays_as_it_is() -> None:
    page = sketch()
    difference = np.abs(clean(on_paper(page)).astype(int) - page)
    assert difference.max() <= 2


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((90, 90, 90), (215, 215, 215)),  # pencil on grey
        ((110, 100, 90), (250, 240, 225)),  # pencil on cream
        ((200, 30, 30), (255, 255, 255)),  # red ink
        ((250, 220, 40), (255, 255, 255)),  # yellow ink
        ((60, 90, 220), (240, 250, 225)),  # blue on greenish
        ((255, 255, 255), (0, 0, 0)),  # inverted
        ((230, 230, 230), (30, 40, 60)),  # chalk on a board
        ((20, 20, 20), (100, 95, 85)),  # a dim photograph
        ((250, 250, 250), (150, 150, 150)),  # white pencil on toned paper
    ],
)
def test_ink_and_paper_of_any_color(ink: tuple[int, int, int], paper: tuple[int, int, int]) -> None:
    assert_like(clean(on(sketch(), ink, paper)), sketch())


@pytest.mark.parametrize("inverted", [False, True])
def test_a_dense_drawing_of_thin_lines(inverted: bool) -> None:
    """The gaps between the lines are as narrow as strokes, and are paper all the same."""
    page = np.full((1024, 1024), 255, np.uint8)
    for row in range(100, 1000, 150):
        for column in range(100, 1000, 150):
            for radius in (12, 25, 40, 60):
                cv2.circle(page, (column, row), radius, 0, 2, cv2.LINE_AA)
    assert_like(clean(on_paper(255 - page if inverted else page)), page)


def test_uneven_light_and_grain() -> None:
    """A photograph: half as bright at one side as at the other, with grain."""
    page = sketch()
    light = np.linspace(1.0, 0.5, 300)[None, :, None]
    grain = np.random.default_rng(0).normal(0, 2.5, (300, 300, 3))
    photo = (on(page, (70, 70, 70), (235, 228, 215)) * light + grain).clip(0, 255).astype(np.uint8)
    assert_like(clean(photo), page)


def test_a_black_fill_stays_black() -> None:
    page = sketch()
    page[150:260, 150:260] = 0
    cleaned = clean(on_paper(page))
    assert cleaned[160:250, 160:250].max() < 30


@pytest.mark.parametrize("value", [255, 200, 90, 0])
def test_a_blank_page_stays_blank(value: int) -> None:
    grain = np.random.default_rng(0).integers(-3, 4, (200, 150, 3))
    page = np.clip(value + grain, 0, 255).astype(np.uint8)
    assert (clean(page) == 255).mean() > 0.999
    assert stroke_width(clean(page)) == 0


def test_transparency() -> None:
    page = sketch()
    black = np.dstack([np.zeros((300, 300, 3), np.uint8), 255 - page])
    white = np.dstack([np.full((300, 300, 3), 255, np.uint8), 255 - page])
    for strokes in (black, white):
        assert_like(clean(on_paper(strokes)), page)
    opaque = np.dstack([on_paper(page), np.full((300, 300), 255, np.uint8)])
    np.testing.assert_array_equal(on_paper(opaque), on_paper(page))


def test_a_transparent_figure_with_a_white_body_has_black_lines() -> None:
    page = np.full((300, 300), 255, np.uint8)
    cv2.circle(page, (150, 150), 60, 0, 4, cv2.LINE_AA)
    body = np.zeros((300, 300), np.uint8)
    cv2.circle(body, (150, 150), 64, 255, -1)
    cleaned = clean(on_paper(np.dstack([page, page, page, body])))
    assert cleaned[150, 150] == 255
    assert cleaned[5, 5] == 255
    assert cleaned[150, 90] < 30


def test_what_is_no_drawing() -> None:
    for wrong in (np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8)):
        with pytest.raises(RequestError, match="a drawing must be uint8"):
            on_paper(wrong)  # type: ignore[arg-type]
    for shape in ((0, 0), (0, 4), (4, 0, 3)):
        with pytest.raises(RequestError, match=r"a drawing must have pixels, and \dx\d has none"):
            on_paper(np.zeros(shape, np.uint8))


def test_raw_is_the_luminance() -> None:
    assert luminance(on_paper(np.full((3, 4), 200, np.uint8))).tolist() == [[200] * 4] * 3


@pytest.mark.parametrize("width", [1, 2, 3, 5, 9])
def test_width_of_strokes(width: int) -> None:
    page = np.full((200, 200), 255, np.uint8)
    page[50 : 50 + width, 20:180] = 0
    page[20:180, 100 : 100 + width] = 0
    assert stroke_width(page) == pytest.approx(width, rel=0.35, abs=0.6)


@pytest.mark.parametrize("least", [0.5, 1.0])
def test_thin_strokes_survive_a_smaller_size(least: float) -> None:
    """Each row that a vertical stroke of 2 px crosses keeps ink worth `least` pixels; the average would keep 1/8."""
    page = np.full((1024, 1024), 255, np.uint8)
    page[100:900, 500:502] = 0
    small = fit(page, 64, 64, least)
    ink = (255.0 - small[10:50]).sum(axis=1) / 255
    assert ink.min() > 0.8 * least
    assert ink.max() < 1.4 * least


@pytest.mark.parametrize("least", [0.5, 1.0])
def test_thin_strokes_survive_a_size_that_is_far_smaller(least: float) -> None:
    """1/256: thickened at once, a kernel of 256 px would cost its square a pixel."""
    page = np.full((8192, 1024), 255, np.uint8)
    page[800:7200, 500:502] = 0
    started = time.perf_counter()
    small = fit(page, 32, 4, least)
    assert time.perf_counter() - started < 5
    ink = (255.0 - small[5:27]).sum(axis=1) / 255
    assert ink.min() > 0.8 * least
    assert ink.max() < 1.4 * least


def test_a_drawing_that_is_too_long_for_its_width_is_refused() -> None:
    """At 2 KB it would have taken the time of everybody who paints."""
    for shape in ((1, 1_000_000), (1_000_000, 1), (10, 2561, 3), (1, 300, 4)):
        with pytest.raises(RequestError, match=r"a drawing must be at most 256 times as long as wide, not \d+x\d+$"):
            on_paper(np.zeros(shape, np.uint8))
    assert on_paper(np.zeros((10, 2560), np.uint8)).shape == (10, 2560, 3)


def test_a_fill_does_not_pass_for_a_thick_stroke() -> None:
    page = np.full((1024, 1024), 255, np.uint8)
    page[100:900, 500:502] = 0
    alone = stroke_width(page)
    page[600:900, 600:900] = 0
    assert stroke_width(page) == pytest.approx(alone, abs=0.5)


def test_pale_strokes_have_a_width_too() -> None:
    page = sketch(300, 5)
    pale = (255 - (255.0 - page) * 0.3).astype(np.uint8)
    assert stroke_width(pale) == pytest.approx(stroke_width(page), rel=0.1)


def test_thick_strokes_are_averaged_as_in_training() -> None:
    page = sketch(512, 16)
    expected = cv2.resize(page, (64, 64), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(fit(page, 64, 64, 1.0), expected)
    assert fit(page, 512, 512, 1.0) is page
    assert fit(page, 700, 700, 1.0).shape == (700, 700)
