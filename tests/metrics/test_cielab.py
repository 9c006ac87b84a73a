"""CIELAB and CIEDE2000 against scikit-image."""

import numpy as np
import torch
from skimage.color import deltaE_ciede2000, rgb2lab

from gan.metrics.cielab import ciede2000, srgb_to_lab


def random_rgb(seed: int) -> np.ndarray:
    """(64, 64, 3): random colours, and the corners of the cube."""
    rgb = np.random.default_rng(seed).random((64, 64, 3))
    rgb[0, :8] = [[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)]
    rgb[1, :32] = np.linspace(0, 0.1, 32)[:, None]  # both sides of the linear part
    return rgb


def to_batch(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture.transpose(2, 0, 1)[None])


def test_lab_is_that_of_scikit_image() -> None:
    rgb = random_rgb(0)
    np.testing.assert_allclose(srgb_to_lab(to_batch(rgb))[0].permute(1, 2, 0).numpy(), rgb2lab(rgb), atol=1e-9)


def test_ciede2000_is_that_of_scikit_image() -> None:
    one, other = rgb2lab(random_rgb(1)), rgb2lab(random_rgb(2))
    other[2] = one[2]  # equal colours
    other[3, :, 1:] = 0  # greys have no hue
    distance = ciede2000(to_batch(one), to_batch(other))[0].numpy()
    np.testing.assert_allclose(distance, deltaE_ciede2000(one, other), atol=1e-6)
    assert (distance[2] == 0).all()


def test_published_pairs() -> None:
    """Sharma, Wu, Dalal 2005, table 1, pairs 1, 7, 17 and 25."""
    pairs = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    for one, other, expected in pairs:
        left, right = (torch.tensor(color, dtype=torch.float64)[None, :, None] for color in (one, other))
        assert abs(ciede2000(left, right).item() - expected) < 5e-5


def test_float32_is_close_enough_to_report() -> None:
    one, other = to_batch(random_rgb(3)), to_batch(random_rgb(4))
    exact = ciede2000(srgb_to_lab(one), srgb_to_lab(other))
    single = ciede2000(srgb_to_lab(one.float()), srgb_to_lab(other.float()))
    assert (exact - single).abs().max() < 1e-2
