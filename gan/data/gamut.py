"""Free colours: any that a screen shows, and twelve that no training ever draws.

With `data.colors=gamut` a region's colour does not come from its palette but from the whole sRGB gamut, uniform in
8-bit sRGB: each colour that a picker offers is as likely as any other, and it is sRGB that the network is given and
that its loss counts in. It is independent of the lines. Whether a network has learnt to use any colour, and not only
those that it saw, is measured with `HELD_OUT`: no draw comes near them.
"""

from functools import cache

import numpy as np
import torch

from gan.arrays import Floats
from gan.data.palette import REGIONS, from_hex
from gan.metrics.cielab import ciede2000, srgb_to_lab

HELD_OUT = (
    *("2d4b0f", "2d00ff", "78f01e", "000f3c", "b4a5b4", "c3fff0"),
    *("b45a78", "78c3f0", "0f6978", "87781e", "f03cff", "ff4b1e"),
)
"""The test colours: at least CIEDE2000 15 from every palette colour, from white paper and from ink, and 20 from one
another; a random choice among those that are, the one most varied in lightness and chroma."""
AWAY = 7.5
"""Least CIEDE2000 of a draw from a test colour: half as far again as what counts as filled
(`gan.metrics.filling.ALIKE`). A seventh of the gamut is left out; at 10 it would be a quarter."""
STEP = 5
"""Draws are whole multiples of this in 8 bit: 52 levels a channel, none of a person's colours further than 2 away."""


def held_out() -> Floats:
    """(12, 3) `HELD_OUT` in [0, 1]."""
    return np.array([from_hex(color) for color in HELD_OUT])


@cache
def drawable() -> Floats:
    """(N, 3) in [0, 1]: every colour that can be drawn."""
    levels = np.arange(0, 256, STEP) / 255
    every = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=3).reshape(-1, 3)
    lab = srgb_to_lab(torch.from_numpy(every.T[None]))
    test = srgb_to_lab(torch.from_numpy(held_out().T[None]))[0].T  # (12, 3)
    distances = [ciede2000(lab, color[None, :, None].expand_as(lab))[0].numpy() for color in test]
    colors: Floats = every[np.min(distances, axis=0) >= AWAY]
    return colors


def draw(rng: np.random.Generator) -> Floats:
    """(K, 3) colours of the regions in [0, 1], each by itself."""
    colors = drawable()
    drawn: Floats = colors[rng.integers(len(colors), size=len(REGIONS))]
    return drawn


def draw_held_out(rng: np.random.Generator) -> Floats:
    """(K, 3) test colours in [0, 1], no two alike."""
    drawn: Floats = rng.permutation(held_out())[: len(REGIONS)]
    return drawn
