"""Sheets are put together and cut up at the same places."""

import numpy as np
import pytest
import torch

from gan.data.batch import Batch
from gan.grid import COLUMNS, DRAW_COLUMNS, PADDING, cut, draws_grid, sample_grid, sheet, show_hint
from gan.ranges import to_uint8


@pytest.mark.parametrize(
    "shape", [*((size, size) for size in (32, 48, 64, 128, 160)), (32, 48), (96, 128), (128, 96), (160, 320)]
)
def test_a_grid_is_cut_where_it_was_put_together(shape: tuple[int, int]) -> None:
    line, color, fake = torch.rand(3, 1, *shape), torch.rand(3, 3, *shape), torch.rand(3, 3, *shape)
    hint = torch.rand(3, 4, *shape).round()
    batch = Batch(line=line, hint=hint, color=color * 2 - 1, regions=None)
    columns = cut(sample_grid(batch, fake * 2 - 1), shape)
    assert columns is not None
    assert tuple(columns) == COLUMNS
    expected = {"line": line.expand(-1, 3, -1, -1), "hint": show_hint(line, hint), "fake": fake * 2 - 1}
    for name, pictures in (expected | {"color": batch.color}).items():
        assert columns[name].shape == (3, *shape, 3)
        for row in range(3):
            assert np.array_equal(columns[name][row], to_uint8(pictures[row]))


@pytest.mark.parametrize("shape", [(32, 32), (96, 128)])
def test_a_draws_grid_is_cut_where_it_was_put_together(shape: tuple[int, int]) -> None:
    line, draws = torch.rand(2, 1, *shape), torch.rand(8, 2, 3, *shape)
    grid = draws_grid(line, [*draws])
    columns = cut(grid, shape, DRAW_COLUMNS)
    assert columns is not None
    for name, pictures in zip(DRAW_COLUMNS, [line.expand(-1, 3, -1, -1), *draws], strict=True):
        assert np.array_equal(columns[name], [to_uint8(picture) for picture in pictures]), name
    assert cut(grid, shape) is None


def test_a_cells_short_side_is_large_enough_to_be_seen() -> None:
    assert sheet({"color": torch.rand(2, 3, 96, 128)}).shape[1] == 2 * 128 + 2 * PADDING
    assert sheet({"color": torch.rand(2, 3, 128, 256)}).shape[1] == 256 + 2 * PADDING


def test_without_a_size_drawings_stay_as_they_are_shown() -> None:
    batch = Batch(torch.rand(2, 1, 48, 48), torch.zeros(2, 4, 48, 48), torch.rand(2, 3, 48, 48), None)
    columns = cut(sample_grid(batch, batch.color))
    assert columns is not None
    assert columns["fake"].shape == (2, 144, 144, 3)
    assert np.array_equal(columns["fake"], columns["color"])


@pytest.mark.parametrize("shape", [(5, 5, 3), (5, 800, 3), (300, 300, 3), (100, 522, 3)])
def test_what_is_no_grid(shape: tuple[int, int, int]) -> None:
    assert cut(np.zeros(shape, np.uint8), (64, 64)) is None


def test_a_sheet_of_other_columns_is_no_grid() -> None:
    assert cut(sheet({"color": torch.rand(2, 3, 64, 64)}), (64, 64)) is None


def test_a_grid_of_another_aspect_is_no_grid() -> None:
    batch = Batch(torch.rand(2, 1, 96, 128), torch.zeros(2, 4, 96, 128), torch.rand(2, 3, 96, 128), None)
    for shape in ((64, 64), (128, 96), None):
        assert cut(sample_grid(batch, batch.color), shape) is None
