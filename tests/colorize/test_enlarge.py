"""Colours enlarged along the lines: none crosses one, and shading survives."""

import cv2
import numpy as np
import pytest

from gan.arrays import Pixels
from gan.colorize.enlarge import along_lines, grid_of
from gan.hints.flood import closed_areas

SIZE, SMALL = 256, 32


def wall(column: int, width: int = 3) -> Pixels:
    line = np.full((SIZE, SIZE), 255, np.uint8)
    line[:, column : column + width] = 0
    return line


def sides(column: float) -> np.ndarray:
    """Red left of a column of the large picture, blue right of it, mixed in the small pixels that it passes through."""
    part = ((column - np.arange(SMALL) * SIZE / SMALL) / (SIZE / SMALL)).clip(0, 1)[:, None]
    return np.tile(part * np.array([1.0, 0, 0]) + (1 - part) * np.array([0, 0, 1.0]), (SMALL, 1, 1))


@pytest.mark.parametrize("column", [96, 99, 101, 103])
def test_no_colour_crosses_a_line(column: int) -> None:
    """A small pixel that the line passes through has up to a fifth of the other side under its ink, and no more."""
    line = wall(column)
    large = along_lines(sides(column + 1.5), grid_of(line, closed_areas(line), (SMALL, SMALL)))
    assert large[:, :column, 2].max() < 0.2
    assert large[:, column + 3 :, 0].max() < 0.2
    plain = cv2.resize(sides(column + 1.5), (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    assert max(plain[:, :column, 2].max(), plain[:, column + 3 :, 0].max()) > 0.28


def test_shading_inside_an_area_survives() -> None:
    line = wall(128)
    ramp = np.repeat(np.linspace(0, 1, SMALL)[:, None, None], SMALL, axis=1).repeat(3, axis=2)
    large = along_lines(ramp, grid_of(line, closed_areas(line), (SMALL, SMALL)))
    expected = (((np.arange(SIZE) + 0.5) * SMALL / SIZE - 0.5) / (SMALL - 1)).clip(0, 1)
    np.testing.assert_allclose(large[:, 40, 0], expected, atol=1e-5)
    np.testing.assert_allclose(large[:, 220, 0], expected, atol=1e-5)


def test_a_thin_area_takes_one_colour() -> None:
    """Between two lines, narrower than a small pixel: no stripes of what its small pixels mix."""
    line = wall(100)
    line[:, 106:109] = 0
    noise = np.random.default_rng(0).random((SMALL, SMALL, 3))
    large = along_lines(noise, grid_of(line, closed_areas(line), (SMALL, SMALL)))
    strip = large[:, 103:106].reshape(-1, 3)
    assert np.ptp(strip, axis=0).max() < 1e-6
    assert noise.min() <= strip.min() <= strip.max() <= noise.max()


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (257, 131)])
def test_any_shape_is_filled(shape: tuple[int, int]) -> None:
    line = np.full(shape, 255, np.uint8)
    small = (max(1, shape[0] // 8), max(1, shape[1] // 8))
    large = along_lines(np.full((*small, 3), 0.3), grid_of(line, closed_areas(line), small))
    np.testing.assert_allclose(large, 0.3, atol=1e-6)
