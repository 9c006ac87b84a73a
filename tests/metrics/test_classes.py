"""Colours in classes: the grid, the soft encoding by hand, and that colours come back from it."""

import numpy as np
import pytest
import torch
from skimage.color import rgb2lab

from gan.data.palette import PALETTES
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.metrics.classes import CELL, NEAREST, class_colors, encode


def decoded(unit: torch.Tensor) -> torch.Tensor:
    """(P, 3) -> (P, 3): the annealed mean of a colour's own encoding, written out."""
    classes, shares = encode(unit, class_colors())
    sharp = shares ** (1 / 0.38)
    sharp = sharp / sharp.sum(dim=1, keepdim=True)
    return (sharp[:, :, None] * class_colors()[classes]).sum(dim=1)


def difference(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return ciede2000(srgb_to_lab(one.T[None]), srgb_to_lab(other.T[None]))[0]


def test_each_class_is_another_cell_of_the_grid_in_the_gamut() -> None:
    """A cell's mean in sRGB lies in the cell, but for a few whose gamut is bent."""
    colors = class_colors()
    assert colors.shape == (297, 3)
    assert ((colors >= 0) & (colors <= 1)).all()
    lab = rgb2lab(colors.numpy())
    assert len({tuple(cell) for cell in np.round(lab / CELL)}) > 290
    assert lab[:, 0].min() < 9  # the darkest cell is black's


def test_every_colour_of_srgb_has_a_class_near_it() -> None:
    rgb = np.random.default_rng(0).random((2000, 3))
    distances = np.linalg.norm(rgb2lab(rgb)[:, None] - rgb2lab(class_colors().numpy())[None], axis=2)
    assert distances.min(axis=1).max() < CELL


def test_soft_encoding_by_hand() -> None:
    """The five nearest in CIELAB, the nearest first, with exp(-d^2 / (2 9^2)) each over their sum."""
    unit = torch.tensor([[0.2, 0.5, 0.8], [1.0, 1.0, 1.0]])
    classes, shares = encode(unit, class_colors())
    assert classes.shape == shares.shape == (2, NEAREST)
    centres = rgb2lab(class_colors().numpy().astype(np.float64))
    for color, found, share in zip(unit, classes, shares, strict=True):
        distance = np.linalg.norm(rgb2lab(color.numpy().astype(np.float64)) - centres, axis=1)
        nearest = np.argsort(distance)[:5]
        gaussian = np.exp(-(distance[nearest] ** 2) / (2 * 9.0**2))
        assert found.tolist() == nearest.tolist()
        np.testing.assert_allclose(share.numpy(), gaussian / gaussian.sum(), atol=1e-4)


def test_a_class_of_its_own_is_the_first() -> None:
    classes, shares = encode(class_colors(), class_colors())
    assert classes[:, 0].tolist() == list(range(297))
    assert (shares[:, 0] > 1 / NEAREST).all()
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(297))


def test_colours_come_back() -> None:
    """As the grid's docstring says: the avatars' and white near enough for a hit of a palette, which is 5."""
    unit = torch.rand(4000, 3, generator=torch.Generator().manual_seed(0))
    assert float(difference(unit, decoded(unit)).mean()) == pytest.approx(2.3, abs=0.15)
    palettes = torch.from_numpy(np.concatenate([*PALETTES, np.ones((1, 3))])).float()
    assert float(difference(palettes, decoded(palettes)).max()) < 4.5
