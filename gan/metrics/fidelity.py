"""How far a picture is from the truth: (B, 3, H, W) in [0, 1] twice -> one number a picture, (B,)."""

import torch
from torch import Tensor
from torch.nn import functional as F

LEAST_ERROR = 1e-10
"""A mean squared error below this counts as this much: the PSNR of equal pictures is 100 dB, not infinite."""
NEAR_END = 16 / 255
"""A true value within this of black or white may well be painted as black or white."""


def mae(fake: Tensor, color: Tensor) -> Tensor:
    """Mean absolute error in sRGB, in [0, 1]."""
    return (fake - color).abs().mean(dim=(1, 2, 3))


def psnr(fake: Tensor, color: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB, for a data range of 1."""
    error = (fake - color).square().mean(dim=(1, 2, 3)).clamp_min(LEAST_ERROR)
    return -10 * torch.log10(error)


def ssim(fake: Tensor, color: Tensor) -> Tensor:
    """Structural similarity for a data range of 1: 11x11 Gaussian window, sigma 1.5, mean over channels.

    Wang, Bovik, Sheikh, Simoncelli 2004, eq. 13, over the windows that lie inside the picture.
    """
    offset = torch.arange(11, dtype=fake.dtype, device=fake.device) - 5
    gaussian = torch.exp(-(offset**2) / (2 * 1.5**2))
    gaussian = gaussian / gaussian.sum()

    def blur(x: Tensor) -> Tensor:
        channels = x.shape[1]
        columns = F.conv2d(x, gaussian.view(1, 1, 11, 1).expand(channels, 1, 11, 1), groups=channels)
        return F.conv2d(columns, gaussian.view(1, 1, 1, 11).expand(channels, 1, 1, 11), groups=channels)

    mean1, mean2 = blur(fake), blur(color)
    variance1 = blur(fake * fake) - mean1**2
    variance2 = blur(color * color) - mean2**2
    covariance = blur(fake * color) - mean1 * mean2
    c1, c2 = 0.01**2, 0.03**2
    index = (2 * mean1 * mean2 + c1) * (2 * covariance + c2)
    index = index / ((mean1**2 + mean2**2 + c1) * (variance1 + variance2 + c2))
    result: Tensor = index.mean(dim=(1, 2, 3))
    return result


def saturated(fake: Tensor, color: Tensor) -> Tensor:
    """Share of the values (of pixel and channel) at an end of the range in 8 bit, among those whose truth is not near
    one: a sigmoid or tanh that is driven there passes hardly any gradient on."""
    inside = (color - 0.5).abs() < 0.5 - NEAR_END
    ends = (fake - 0.5).abs() > 0.5 - 0.5 / 255
    share: Tensor = (ends & inside).sum(dim=(1, 2, 3)) / inside.sum(dim=(1, 2, 3)).clamp_min(1)
    return share


PER_PICTURE = {"mae": mae, "psnr": psnr, "ssim": ssim, "saturated": saturated}
"""Name -> metric of a picture beside its truth; `gan.evaluation.score` measures every one of them."""
