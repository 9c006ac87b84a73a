"""A person's hints arrive where they were put, whatever the scale, in the encoding of training."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from gan.colorize.page import inner_size, pad
from gan.hints.flood import marks_of
from gan.hints.painted import Hint
from gan.hints.placement import Frame, encode_marks, encode_painted, picture_of

RED = (255, 0, 0)
SIDES = (1, 9)
FULL = Frame(1.0, 1.0, 0, 0, 32, 32, SIDES)


def test_pixel_for_pixel_at_full_size() -> None:
    hint = encode_painted([Hint(10, 20, RED, 2)], None, FULL, 32, 32)
    assert hint.shape == (1, 4, 32, 32)
    rows, columns = hint[0, 3].nonzero().unbind(1)
    assert sorted(set(rows.tolist())) == [18, 19, 20, 21] or sorted(set(rows.tolist())) == [19, 20, 21, 22]
    assert {10} <= set(columns.tolist())
    assert (torch.tensor([1.0, -1.0, -1.0]) == hint[0, :3][:, hint[0, 3] > 0].T).all()
    assert (hint[0, :3][:, hint[0, 3] == 0] == 0).all()


@pytest.mark.parametrize("x", [0, 7, 100, 511])
@pytest.mark.parametrize("y", [0, 300, 383])
def test_the_pixel_below_a_hint_is_always_hinted(x: int, y: int) -> None:
    """512x384 at 64 px on the short side, padded to 128x64."""
    frame = Frame(85 / 512, 64 / 384, 21, 0, 64, 85, (3, 9))
    row, column = int((y + 0.5) * 64 / 384), int((x + 0.5) * 85 / 512) + 21
    for radius in (0.5, 3, 40, None):
        hint = encode_painted([Hint(x, y, RED, radius)], None, frame, 64, 128)
        assert hint[0, 3, row, column] == 1
        side = {0.5: 3, 3: 3, 40: 13, None: 6}[radius]  # never below what was trained with
        assert hint[0, 3].sum() == side**2  # also at the edge
        assert hint[0, 3, :, :21].sum() == hint[0, 3, :, 106:].sum() == 0  # and not on the padding


def test_later_hints_lie_on_top_and_all_on_the_picture() -> None:
    image = np.zeros((16, 16, 4), np.uint8)
    image[:, :] = (0, 0, 255, 255)
    image[:4] = 0
    hint = encode_painted(
        [Hint(8, 8, RED, 3), Hint(8, 8, (0, 255, 0), 1)], image, replace(FULL, rows=16, columns=16), 16, 16
    )[0]
    assert hint[:, 8, 8].tolist() == [-1, 1, -1, 1]
    assert hint[:, 8, 6].tolist() == [1, -1, -1, 1]
    assert hint[:, 15, 15].tolist() == [-1, -1, 1, 1]
    assert hint[:, 2, 2].tolist() == [0, 0, 0, 0]


def test_a_thin_stroke_of_a_hint_picture_does_not_vanish() -> None:
    image = np.zeros((512, 512, 4), np.uint8)
    image[100, 50:400] = (255, 0, 0, 255)
    image[300:310, 300:310] = (0, 255, 0, 100)  # too transparent to be meant
    hint = encode_painted([], image, Frame(1 / 8, 1 / 8, 0, 0, 64, 64, SIDES), 64, 64)[0]
    assert (hint[3, 12, 6:50] == 1).all()
    assert hint[3].sum() == 44
    torch.testing.assert_close(hint[:3, 12, 20], torch.tensor([1.0, -1.0, -1.0]))


def test_the_color_of_a_hint_picture_is_that_of_its_opaque_pixels() -> None:
    image = np.zeros((8, 8, 4), np.uint8)
    image[0, 0], image[0, 1] = (200, 100, 0, 255), (100, 100, 0, 255)
    image[1, :2] = (255, 255, 255, 0)
    hint = encode_painted([], image, Frame(0.25, 0.25, 1, 2, 2, 2, SIDES), 8, 8)[0]
    assert hint[3].nonzero().tolist() == [[2, 1]]
    expected = torch.tensor([150, 100, 0]) / 255 * 2 - 1
    torch.testing.assert_close(hint[:3, 2, 1], expected)


def test_a_hint_may_be_larger_than_the_picture() -> None:
    hint = encode_painted([Hint(3, 3, RED, 1e9)], None, replace(FULL, rows=8, columns=8), 8, 8)
    assert (hint[0, 3] == 1).all()


def test_no_hints() -> None:
    assert torch.equal(encode_painted([], None, FULL, 8, 8), torch.zeros(1, 4, 8, 8))


@pytest.mark.parametrize(("height", "width"), [(512, 512), (64, 64), (130, 200), (333, 517), (700, 200), (1024, 768)])
def test_dabs_as_a_hint_picture_are_the_same_hints(height: int, width: int) -> None:
    """To the last bit, whatever the scale: `gan colorize --hint-image` gives the picture that --hint-json gives."""
    rng = np.random.default_rng(height)
    dabs = [
        Hint(
            *rng.uniform(0, (width - 1, height - 1)), tuple(rng.integers(0, 256, 3).tolist()), rng.uniform(1, width / 4)
        )
        for _ in range(30)
    ]
    rows, columns = inner_size(height, width, (64, 64))
    padded, top, left = pad(np.zeros((rows, columns), np.uint8), 64)
    frame = Frame(columns / width, rows / height, left, top, rows, columns, (5, 9))
    picture = picture_of(dabs, frame, height, width)
    assert picture.shape == (height, width, 4)
    assert set(picture[:, :, 3].flatten().tolist()) == {0, 255}
    assert torch.equal(
        encode_painted([], picture, frame, *padded.shape), encode_painted(dabs, None, frame, *padded.shape)
    )


@pytest.mark.parametrize(("height", "width"), [(100, 90), (40, 48)])
def test_where_a_hint_picture_is_too_coarse_edges_move_by_a_pixel(height: int, width: int) -> None:
    rows, columns = inner_size(height, width, (64, 64))
    frame = Frame(columns / width, rows / height, 0, 0, rows, columns, (5, 9))
    dab = [Hint(20, 25, RED, 6)]
    found = encode_painted([], picture_of(dab, frame, height, width), frame, rows, columns)[0, 3]
    expected = encode_painted(dab, None, frame, rows, columns)[0, 3]
    grown = torch.nn.functional.max_pool2d(expected[None, None], 3, 1, 1)[0, 0]
    shrunk = 1 - torch.nn.functional.max_pool2d(1 - expected[None, None], 3, 1, 1)[0, 0]
    assert bool(((shrunk <= found) & (found <= grown)).all())


def near(left: torch.Tensor, right: torch.Tensor) -> bool:
    """Whether two masks, (h, w), differ by a pixel's width at most."""
    return all(
        bool((torch.nn.functional.max_pool2d(one[None, None], 3, 1, 1)[0, 0] >= other).all())
        for one, other in ((left, right), (right, left))
    )


BLUE = (60, 110, 210)
AT_1024 = Frame(1 / 16, 1 / 16, 0, 0, 64, 64, (5, 9))
FULL_DABS = Frame(1.0, 1.0, 0, 0, 64, 64, (5, 9))


@pytest.mark.parametrize("radius", [1, 4, 16, 30, 40])
@pytest.mark.parametrize(("x", "y"), [(512, 300), (517, 309), (700, 43)])
def test_a_dab_of_an_ordinary_brush_is_the_hint_of_its_radius(x: int, y: int, radius: int) -> None:
    """However small: as large as the dabs of training, and not a speck of it."""
    image = np.zeros((1024, 1024, 4), np.uint8)
    cv2.circle(image, (x, y), radius, (*BLUE, 255), -1)
    painted = encode_painted([], image, AT_1024, 64, 64)[0]
    hint = encode_painted([Hint(x, y, BLUE, radius)], None, AT_1024, 64, 64)[0]
    assert painted[3].sum() >= 21  # a square of 5, or what a disc has of it
    assert near(painted[3], hint[3])
    assert torch.equal(painted[:3, painted[3] > 0].unique(dim=1), hint[:3, hint[3] > 0].unique(dim=1))


@pytest.mark.parametrize("radius", [1, 5, 20])
def test_a_stroke_of_an_ordinary_brush_is_that_of_the_painter(radius: int) -> None:
    """Which is a row of dabs."""
    image = np.zeros((1024, 1024, 4), np.uint8)
    cv2.line(image, (200, 300), (800, 500), (*BLUE, 255), 2 * radius + 1)
    dabs = [Hint(200 + 600 * step / 200, 300 + 200 * step / 200, BLUE, radius) for step in range(201)]
    painted, row = (encode_painted(*what, AT_1024, 64, 64)[0, 3] for what in (([], image), (dabs, None)))
    assert near(painted, row)
    assert painted.sum() > 150


def test_a_large_brush_marks_what_it_touches() -> None:
    image = np.zeros((1024, 1024, 4), np.uint8)
    cv2.circle(image, (500, 500), 150, (*BLUE, 255), -1)
    touched = image[:, :, 3].reshape(64, 16, 64, 16).any(axis=(1, 3))
    assert np.array_equal(encode_painted([], image, AT_1024, 64, 64)[0, 3].numpy() > 0, touched)


def test_what_is_left_of_a_colour_that_was_painted_over_is_not_made_larger() -> None:
    image = np.zeros((64, 64, 4), np.uint8)
    image[10:20, 10:20], image[10:20, 12:30] = (255, 0, 0, 255), (*BLUE, 255)
    found = encode_painted([], image, FULL_DABS, 64, 64)[0]
    assert np.array_equal(found[3].numpy() > 0, image[:, :, 3] > 0)
    assert (found[0] == 1).sum() == 10 * 2


def test_exact_hints_are_as_thin_as_they_are_painted() -> None:
    marks = marks_of([Hint(20, 30, BLUE, 0.4)], None, (64, 64))
    assert encode_marks(marks, FULL_DABS, 64, 64)[0, 3].nonzero().tolist() == [[30, 20]]
