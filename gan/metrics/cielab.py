"""CIELAB (D65, 2 degrees) and CIEDE2000, as scikit-image computes them; cv2's Lab differs in the third digit."""

import math

import torch
from torch import Tensor

# sRGB primaries to XYZ and the D65 white of IEC 61966-2-1, with the digits of scikit-image
_XYZ_FROM_RGB = (
    (0.412453, 0.357580, 0.180423),
    (0.212671, 0.715160, 0.072169),
    (0.019334, 0.119193, 0.950227),
)
_WHITE = (0.95047, 1.0, 1.08883)


def srgb_to_lab(unit: Tensor) -> Tensor:
    """(B, 3, ...) sRGB in [0, 1] -> (B, 3, ...) CIELAB: L in [0, 100], a and b about -110 to 110."""
    linear = torch.where(unit > 0.04045, ((unit.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4, unit / 12.92)
    matrix = torch.tensor(_XYZ_FROM_RGB, dtype=unit.dtype, device=unit.device)
    white = torch.tensor(_WHITE, dtype=unit.dtype, device=unit.device)
    xyz = torch.einsum("xc,bc...->bx...", matrix / white[:, None], linear)
    f = torch.where(xyz > 0.008856, xyz.clamp_min(0.008856) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = f.unbind(1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def ciede2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """Colour difference of (B, 3, ...) CIELAB tensors -> (B, ...), about 1 at the threshold of perception.

    Sharma, Wu, Dalal, The CIEDE2000 Color-Difference Formula, 2005, eq. 2 to 22; kL = kC = kH = 1.
    """
    l1, a1, b1 = lab1.unbind(1)
    l2, a2, b2 = lab2.unbind(1)
    mean_c7 = ((torch.hypot(a1, b1) + torch.hypot(a2, b2)) / 2) ** 7
    scale = 1.5 - 0.5 * torch.sqrt(mean_c7 / (mean_c7 + 25.0**7))  # 1 + G
    c1, c2 = torch.hypot(a1 * scale, b1), torch.hypot(a2 * scale, b2)
    h1, h2 = torch.atan2(b1, a1 * scale) % math.tau, torch.atan2(b2, a2 * scale) % math.tau

    d_hue, mean_hue = _hues(h1, h2, c1 * c2 == 0)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * torch.cos(mean_hue - math.radians(30))
        + 0.24 * torch.cos(2 * mean_hue)
        + 0.32 * torch.cos(3 * mean_hue + math.radians(6))
        - 0.20 * torch.cos(4 * mean_hue - math.radians(63))
    )
    centred = (mean_l - 50) ** 2
    s_l = 1 + 0.015 * centred / torch.sqrt(20 + centred)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    term_l, term_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    term_h = 2 * torch.sqrt(c1 * c2) * torch.sin(d_hue / 2) / s_h
    turn = 60 * torch.exp(-(((torch.rad2deg(mean_hue) - 275) / 25) ** 2))
    r_t = -2 * torch.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * torch.sin(torch.deg2rad(turn))
    square = term_l**2 + term_c**2 + term_h**2 + r_t * term_c * term_h
    return torch.sqrt(square.clamp_min(0))


def _hues(h1: Tensor, h2: Tensor, grey: Tensor) -> tuple[Tensor, Tensor]:
    """Difference and mean of two hues in radians, the short way round; a grey has no hue (eq. 10 and 14)."""
    difference = h2 - h1
    wrapped = torch.where(difference > math.pi, difference - math.tau, difference)
    wrapped = torch.where(difference < -math.pi, difference + math.tau, wrapped)
    mean = (h1 + h2) / 2
    far = difference.abs() > math.pi
    mean = torch.where(far, torch.where(h1 + h2 < math.tau, mean + math.pi, mean - math.pi), mean)
    return torch.where(grey, 0.0, wrapped), torch.where(grey, h1 + h2, mean)
