"""A small drawing on a large page is found, whatever lies at the page's edges, and coloured as if it were cut out."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gan.arrays import Pixels
from gan.colorize.colorizer import Colorizer
from gan.colorize.cropping import box_of
from gan.colorize.drawing import clean, on_paper
from gan.colorize.preparation import Prepared
from gan.config import Experiment, Generator, Hints
from gan.hints.painted import Hint
from gan.ranges import from_uint8
from tests.support.drawings import sketch

CPU = torch.device("cpu")
TOP, LEFT = 300, 120
INK = (TOP + 40, TOP + 201, LEFT + 40, LEFT + 201)
"""Where the sketch of 240 px has its circle on the page."""


def page(edges: str = "nothing") -> Pixels:
    """(800, 600, 3): a sketch of 240 px on a grainy page with something at its edges."""
    grey = np.full((800, 600), 235, np.float64)
    grey[TOP : TOP + 240, LEFT : LEFT + 240] *= sketch(240) / 255
    if edges == "scanner":
        grey[:30] = grey[-40:] = grey[:, :25] = grey[:, -15:] = 20
    if edges == "crooked":
        turn = cv2.getRotationMatrix2D((300, 400), 1.5, 0.95)
        grey[cv2.warpAffine(np.ones((800, 600), np.uint8), turn, (600, 800), borderValue=0) == 0] = 30
    if edges == "line":
        cv2.rectangle(grey, (20, 20), (580, 780), 0, 3)
    if edges == "number":
        cv2.line(grey, (290, 760), (290, 780), 0, 3)
    grain = np.random.default_rng(0).normal(0, 2, grey.shape)
    return on_paper((grey + grain).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("edges", ["nothing", "scanner", "crooked", "line", "number"])
def test_a_small_drawing_is_found(edges: str) -> None:
    box = box_of(clean(page(edges)))
    assert box is not None
    ends = np.array([box.top, -box.bottom, box.left, -box.right])
    beyond = np.array([INK[0], -INK[1], INK[2], -INK[3]]) - ends
    assert (beyond >= 4).all()
    assert (beyond <= 20).all()


def test_a_drawing_that_takes_its_page_is_not_cropped() -> None:
    corners = np.full((400, 400), 255, np.uint8)
    corners[20:30, 20:30] = corners[370:380, 370:380] = 0
    for line in (sketch(300), np.full((200, 300), 255, np.uint8), np.zeros((40, 40), np.uint8), corners):
        assert box_of(line) is None


def test_within_a_frame_it_may_be_larger() -> None:
    line = np.full((400, 400), 255, np.uint8)
    cv2.circle(line, (200, 200), 140, 0, 3)
    assert box_of(line) is None
    cv2.rectangle(line, (10, 10), (389, 389), 0, 4)
    box = box_of(line)
    assert box is not None
    assert (box.top, box.bottom, box.left, box.right) == pytest.approx((42, 358, 42, 358), abs=4)


def test_a_tall_drawing_is_not_made_a_square() -> None:
    line = np.full((600, 600), 255, np.uint8)
    cv2.rectangle(line, (300, 200), (340, 400), 0, 3)
    box = box_of(line)
    assert box is not None
    assert 200 < box.bottom - box.top < 240
    assert 40 < box.right - box.left < 80


class Dots(nn.Module):
    """Answers in the colours of the hints, in green where there are none, and keeps what it is given."""

    def forward(self, condition: Tensor) -> Tensor:
        self.condition = condition
        green = from_uint8(np.array([[(60, 180, 90)]], np.uint8))
        return torch.where(condition[:, 4:5] > 0, condition[:, 1:4], green)


@pytest.mark.parametrize("edges", ["nothing", "scanner"])
def test_it_is_coloured_as_if_it_were_cut_out(edges: str) -> None:
    """The paper around it takes the colour of its own paper; a scanner's frame stays."""
    dots = Dots()
    colorizer = Colorizer(dots, Experiment(hints=Hints(kind="regions"), generator=Generator(depth=6)), CPU)
    line = clean(page(edges))
    box = box_of(line)
    assert box is not None
    alone = colorizer.recolor(colorizer.prepare(Prepared(box.of(line))), [Hint(100, 90, (250, 10, 20))])
    seen = dots.condition.clone()
    whole = colorizer.color(page(edges), [Hint(100 + box.left, 90 + box.top, (250, 10, 20))])
    assert torch.equal(dots.condition, seen)
    assert np.array_equal(box.of(whole), alone)
    around = np.ones(line.shape, bool)
    box.of(around)[...] = False
    expected = np.array([60, 180, 90]) * (line[around][:, None] / 255)
    np.testing.assert_allclose(whole[around], expected, atol=1)


def test_a_hint_beside_the_drawing_is_for_its_paper() -> None:
    dots = Dots()
    colorizer = Colorizer(dots, Experiment(hints=Hints(kind="regions"), generator=Generator(depth=6)), CPU)
    colorizer.color(page(), [Hint(590, 10, (250, 10, 20))])
    rows, columns = np.nonzero(dots.condition[0, 4].numpy())
    assert rows.min() == 0
    assert columns.max() == 63
    image = np.zeros((800, 600, 4), np.uint8)
    image[0:80, 0:80] = (250, 10, 20, 255)  # a hint picture is not moved: there the whole page is seen
    assert (colorizer.color(page(), hint_image=image)[20:60, 20:60] > (240, 0, 10)).all()
    assert dots.condition.shape[2] > 64


def test_raw_and_native_see_the_whole_page() -> None:
    dots = Dots()
    colorizer = Colorizer(dots, Experiment(generator=Generator(depth=6)), CPU)
    colorizer.color(page(), native=True)
    assert dots.condition.shape[2:] == (832, 640)
    assert colorizer.prepare(colorizer.preparation(clean(page()), raw=True)).box is None
