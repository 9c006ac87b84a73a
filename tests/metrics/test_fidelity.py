"""MAE, PSNR and SSIM against hand computation and scikit-image."""

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from gan.metrics import fidelity


@pytest.fixture
def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    smooth = torch.nn.functional.interpolate(torch.rand(3, 3, 6, 6, generator=generator), size=48, mode="bicubic")
    color = smooth.clamp(0, 1)
    return (color + 0.1 * torch.randn(color.shape, generator=generator)).clamp(0, 1), color


def test_mae_by_hand() -> None:
    fake, color = torch.zeros(2, 3, 2, 2), torch.zeros(2, 3, 2, 2)
    fake[1, 0, 0, 0] = 0.6
    assert fidelity.mae(fake, color).tolist() == pytest.approx([0, 0.6 / 12])


def test_psnr_is_that_of_scikit_image(pictures: tuple[torch.Tensor, torch.Tensor]) -> None:
    for fake, color, value in zip(*pictures, fidelity.psnr(*pictures), strict=True):
        expected = peak_signal_noise_ratio(color.numpy(), fake.numpy(), data_range=1)
        assert value.item() == pytest.approx(expected, abs=1e-3)


def test_psnr_of_equal_pictures_is_100() -> None:
    assert fidelity.psnr(torch.ones(1, 3, 4, 4), torch.ones(1, 3, 4, 4)).item() == pytest.approx(100)


def test_ssim_is_that_of_scikit_image(pictures: tuple[torch.Tensor, torch.Tensor]) -> None:
    for fake, color, value in zip(*pictures, fidelity.ssim(*pictures), strict=True):
        expected = structural_similarity(
            color.double().numpy(),
            fake.double().numpy(),
            channel_axis=0,
            data_range=1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        assert value.item() == pytest.approx(expected, abs=1e-4)
    assert np.allclose(fidelity.ssim(pictures[1], pictures[1]).numpy(), 1, atol=1e-5)


def test_saturated_values_are_at_an_end_where_the_truth_is_not() -> None:
    """Of a picture of one row: values whose truth is black, white or near them do not count."""
    levels = [0, 255, 8, 250, 100, 128, 150, 30]
    color = torch.tensor(levels, dtype=torch.float32).view(1, 1, 1, 8) / 255
    fake = torch.tensor([0, 255, 0, 255, 0.4, 254.6, 254.0, 1.0]).view(1, 1, 1, 8) / 255
    assert fidelity.saturated(fake, color).item() == pytest.approx(2 / 4)
    assert fidelity.saturated(color, color).item() == 0
    assert fidelity.saturated(torch.ones(2, 3, 2, 2), torch.zeros(2, 3, 2, 2)).tolist() == [0, 0]  # of none, none
