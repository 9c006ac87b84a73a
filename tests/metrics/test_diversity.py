"""What draws reach and what regions tell of each other, by hand and against closed forms."""

import math

import numpy as np
import pytest
import torch

from gan.data.palette import PALETTES
from gan.metrics.cielab import srgb_to_lab
from gan.metrics.diversity import NONE, mutual_information, palette_index, palette_reach

PALETTE = srgb_to_lab(torch.from_numpy(PALETTES[0]).T[None])[0].T  # (7, 3)


def test_a_colour_is_the_palettes_where_it_is_near_enough() -> None:
    colors = PALETTE[torch.tensor([[0, 3], [6, 1]])].clone()
    colors[1, 1] = (PALETTE[1] + PALETTE[2]) / 2
    colors[0, 1, 0] += 2
    assert palette_index(colors, PALETTE).tolist() == [[0, 3], [6, NONE]]
    assert palette_index(torch.full((2, 3), torch.nan), PALETTE).tolist() == [NONE, NONE]


def test_reach_by_hand() -> None:
    """Three draws of three drawings: two colours and a miss, one colour, nothing."""
    indices = torch.tensor([[4, 2, NONE], [NONE, 2, NONE], [6, 2, NONE]])
    assert palette_reach(indices, 7).item() == pytest.approx((2 + 1 + 0) / 3)


def test_regions_that_tell_all_tell_nothing_and_tell_a_part() -> None:
    rng = torch.Generator().manual_seed(0)
    one = torch.randint(7, (16, 500), generator=rng)
    other = torch.randint(7, (16, 500), generator=rng)
    assert mutual_information(one, one, 7).item() == pytest.approx(math.log2(7), abs=0.01)
    found = [
        mutual_information(one[:, part : part + 20], other[:, part : part + 20], 7).item() for part in range(0, 500, 20)
    ]
    assert abs(np.mean(found)) < 4 * np.std(found) / 5  # unbiased though each has 320 draws in 49 cells
    half = torch.where(torch.rand(one.shape, generator=rng) < 0.5, one, other)
    agree = 0.5 + 0.5 / 7
    expected = math.log2(7) + agree * math.log2(agree) + 6 * ((1 - agree) / 6) * math.log2((1 - agree) / 6)
    assert mutual_information(one, half, 7).item() == pytest.approx(expected, abs=0.03)


def test_draws_that_are_no_palette_colour_are_left_out() -> None:
    one, other = torch.tensor([[0, 1, 0, 1, NONE, 0]]), torch.tensor([[0, 1, 0, 1, 0, NONE]])
    bias = (2 - 2 - 2 + 1) / (2 * 4) / math.log(2)
    assert mutual_information(one, other, 2).item() == pytest.approx(1 - bias)
