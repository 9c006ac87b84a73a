"""Hints flooded to the lines: by hand on rooms with walls."""

import numpy as np
import pytest
import torch
from scipy.sparse.csgraph import dijkstra
from torch import Tensor

from gan.arrays import Pixels
from gan.hints.areas import FALL, STEP, area_map, borders, colors_of, flood_hints, nearest, numbered, reach
from gan.hints.flood import closed_areas

RED, BLUE = (1.0, -1.0, -1.0), (-1.0, -1.0, 1.0)
SIZE = 64


def rooms(*inks: int) -> Pixels:
    """Rooms side by side between walls of 4 px, each of some darkness: room n begins at n * 64 / (walls + 1)."""
    page = np.full((SIZE, SIZE), 255, np.uint8)
    for number, ink in enumerate(inks, 1):
        column = number * SIZE // (len(inks) + 1)
        page[:, column - 2 : column + 2] = 255 - ink
    return page


def hints(*dabs: tuple[int, int, tuple[float, float, float]]) -> Tensor:
    hint = torch.zeros(1, 4, SIZE, SIZE)
    for row, column, color in dabs:
        hint[0, :3, row : row + 2, column : column + 2] = torch.tensor(color)[:, None, None]
        hint[0, 3, row : row + 2, column : column + 2] = 1
    return hint


def test_areas_without_gaps_in_their_numbers() -> None:
    area, count = numbered(np.array([[3, 3, 7], [0, 7, 7]]))
    assert area.tolist() == [[1, 1, 2], [0, 2, 2]]
    assert count == 3


def test_a_border_costs_its_ink() -> None:
    line = rooms(255, 200)
    area, count = numbered(closed_areas(line))
    cost = borders(line, area, count).toarray()
    rooms_of = area[0, [5, 30, 60]]
    first, second = np.maximum(cost, cost.T)[rooms_of[:2], rooms_of[1:]]
    assert first == pytest.approx(1 + STEP)
    assert second == pytest.approx(200 / 255 + STEP)


def test_a_hint_fills_its_room_and_fades_with_the_walls() -> None:
    line = rooms(255, 200)
    flood = flood_hints(hints((30, 8, RED)), [area_map(line, (SIZE, SIZE))])[0]
    assert (flood[:3, :, :18] == torch.tensor(RED)[:, None, None]).all()
    assert flood[3, 10, [5, 32, 60]].tolist() == pytest.approx(
        [1, np.exp(-(1 + STEP) / FALL), np.exp(-(1 + 200 / 255 + 2 * STEP) / FALL)], rel=1e-4
    )


def test_between_two_colours_the_nearer_wins_and_is_less_sure() -> None:
    line = rooms(255, 200)
    flood = flood_hints(hints((30, 8, RED), (30, 55, BLUE)), [area_map(line, (SIZE, SIZE))])[0]
    assert flood[:3, 30, 32].tolist() == list(BLUE)
    near, far = 200 / 255 + STEP, 1 + STEP
    assert float(flood[3, 30, 32]) == pytest.approx(np.exp(-near / FALL) * (far - near) / (far + near), rel=1e-4)
    assert flood[3, 30, [8, 55]].tolist() == [1, 1]


def test_colours_in_one_room_share_it_by_distance() -> None:
    flood = flood_hints(hints((30, 10, RED), (30, 50, BLUE)), [area_map(rooms(), (SIZE, SIZE))])[0]
    assert (flood[:3, 30, :30] == torch.tensor(RED)[:, None]).all()
    assert (flood[:3, 30, 32:] == torch.tensor(BLUE)[:, None]).all()
    assert float(flood[3, 30, 10]) == 1
    assert float(flood[3, 30, 20]) == pytest.approx((30 - 9) / (30 + 9))  # from the nearest pixels of both dabs
    assert float(flood[3, 30, 30]) < 0.1


def test_without_hints_there_is_nothing() -> None:
    flood = flood_hints(torch.zeros(2, 4, SIZE, SIZE), [area_map(rooms(255), (SIZE, SIZE))] * 2)
    assert flood.shape == (2, 4, SIZE, SIZE)
    assert not flood.any()


def test_a_small_picture_has_the_area_that_a_pixel_has_most_of() -> None:
    line = np.full((64, 64), 255, np.uint8)
    line[:, 20:22] = 0
    areas = area_map(line, (8, 8))
    assert (areas.area[:, :2] == areas.area[0, 0]).all()
    assert (areas.area[:, 3:] == areas.area[0, 7]).all()
    assert areas.area[0, 0] != areas.area[0, 7]
    assert areas.share[0, 0] == 1
    assert 0.5 <= areas.share[0, 2] < 0.8  # 4 columns of the left, 2 of the right, 2 of ink


def test_far_areas_are_reached_through_those_between() -> None:
    """Against all distances, which is how training has them."""
    line = rooms(255, 100, 180)
    area, count = numbered(closed_areas(line))
    graph = borders(line, area, count)
    where = area[30, [5, 60]]
    found = reach(where, np.array([0, 1]), 2, graph)
    np.testing.assert_allclose(found, dijkstra(graph, directed=False)[where])


def test_what_nothing_reaches_is_not_sure() -> None:
    found = nearest(np.array([[0.0, 1.0, np.inf], [np.inf, 1.0, np.inf]]))
    assert found.confidence.tolist() == [1, 0, 0]


def test_colours_are_told_apart_by_every_bit() -> None:
    colors = np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.2, 0.3], [0.1, 0.2, np.nextafter(np.float32(0.3), 1)]])
    first, which = colors_of(colors)
    assert len(first) == 3
    assert which[0] == which[2]
    assert len(set(which.tolist())) == 3
