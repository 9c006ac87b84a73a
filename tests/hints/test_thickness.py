"""Thin strokes become as thick as dabs, and what is made of dabs stays as it is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gan.hints.thickness import nearest, thickened


def union(corners: list[tuple[int, int]], side: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.bool_)
    for top, left in corners:
        mask[top : top + side, left : left + side] = True
    return mask


def opened(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """What squares of a side, without the corners that a disc has not, cover that lie wholly in a mask."""
    line = np.minimum(np.arange(side), np.arange(side)[::-1])
    shape = line[:, None] + line >= side // 4
    found = np.zeros_like(mask)
    for top in range(mask.shape[0] - side + 1):
        for left in range(mask.shape[1] - side + 1):
            if mask[top : top + side, left : left + side][shape].all():
                found[top : top + side, left : left + side] |= shape
    return found


@pytest.mark.parametrize("least", [1, 2, 5, 7])
def test_any_painting_is_nowhere_thin_and_no_thicker_than_it_must(least: int) -> None:
    """But for a rim of half a square."""
    rng = np.random.default_rng(least)
    for share in (0.005, 0.05, 0.5):
        mask = rng.random((23, 30)) < share
        thick = thickened(mask, least)
        assert (thick >= mask).all()
        squares = np.argwhere(opened(thick, least))
        beside = np.abs(np.argwhere(thick)[:, None] - squares).max(axis=2).min(axis=1)
        assert (beside <= least // 2).all()
        row, column = np.nonzero(thick & ~mask)
        there = np.argwhere(mask)
        reach = np.abs(there[:, None] - np.stack([row, column], axis=1)).max(axis=2).min(axis=0)
        assert (reach < least).all()
        assert np.array_equal(thickened(thick, least), thick)


def test_a_union_of_dabs_stays() -> None:
    corners = [tuple(corner) for corner in np.random.default_rng(0).integers(0, 30, (12, 2)).tolist()]
    mask = union(corners, 5, (35, 35))
    assert mask.any()
    assert np.array_equal(thickened(mask, 5), mask)


@pytest.mark.parametrize(("size", "first"), [(1, 8), (2, 9), (3, 9), (4, 10), (5, 10), (6, 10)])
def test_a_small_dab_is_grown_about_its_middle(size: int, first: int) -> None:
    thick = thickened(union([(10, 10)], size, (30, 30)), 5)
    assert np.array_equal(thick, union([(first, first)], max(size, 5), (30, 30)))


def test_a_round_dab_is_a_small_square() -> None:
    """Its rim, of a pixel on each side, is not made thick by itself."""
    disc = union([(9, 9)], 3, (30, 30))
    disc[8, 10] = disc[12, 10] = disc[10, 8] = disc[10, 12] = True
    assert np.array_equal(thickened(disc, 5), union([(8, 8)], 5, (30, 30)))
    assert np.array_equal(thickened(disc, 3), disc)
    round_one = union([(8, 8)], 5, (30, 30))
    round_one[[8, 8, 12, 12], [8, 12, 8, 12]] = False
    assert np.array_equal(thickened(round_one, 5), round_one)


def test_a_thin_stroke_is_as_thick_as_a_dab_and_nowhere_thicker() -> None:
    mask = np.zeros((20, 40), np.bool_)
    mask[10, 5:30] = True
    row, column = np.nonzero(thickened(mask, 5))
    assert (set(row.tolist()), set(column.tolist())) == (set(range(8, 13)), set(range(3, 32)))


@pytest.mark.parametrize("corner", [(0, 0), (0, 19), (11, 0), (11, 19)])
def test_at_the_edge_it_grows_inwards(corner: tuple[int, int]) -> None:
    thick = thickened(union([corner], 1, (12, 20)), 5)
    assert thick.sum() == 25
    assert thick[corner]


def test_a_picture_that_has_no_room_for_a_dab_is_filled() -> None:
    assert thickened(union([(1, 2)], 1, (3, 9)), 5).sum() == 3 * 5
    assert thickened(np.zeros((3, 9), np.bool_), 5).sum() == 0


def test_the_nearest_painted_pixel() -> None:
    mask = np.zeros((9, 9), np.bool_)
    mask[2, 2] = mask[7, 8] = True
    found = nearest(mask)
    assert found[2, 2] == found[0, 0] == found[4, 3] == 2 * 9 + 2
    assert found[7, 8] == found[8, 7] == 7 * 9 + 8
