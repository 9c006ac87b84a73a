"""From the colours that a picture's file means to those of sRGB (IEC 61966-2-1), which all pixels of this project are.

A file says what its numbers mean by an ICC profile (ICC.1:2022), or a PNG by its gamma (PNG, third edition, 11.3.2.2);
one that says nothing means sRGB. The intent is the relative colorimetric one with black point compensation: a colour
that sRGB has is kept as it was measured, which is what colours are compared by, and white stays white and black black.
(The perceptual intent may move every colour, each profile in its own way. Profiles of a matrix and three curves, which
nearly all are, have one table for both.)
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageCms

PNG_SRGB_GAMMA = 0.45455
"""What a PNG gives as its gamma where it means sRGB (PNG, third edition, 11.3.2.3)."""
GAMMA_TOLERANCE = 0.05
"""Gammas that differ by less mean the same, as for libpng (PNG_GAMMA_THRESHOLD)."""
LEAST_GAMMA, MOST_GAMMA = 0.1, 10.0
"""A gamma outside of these is taken for damage."""
ROUNDING = 1
"""A profile that moves no level of 0..255 by more is one of sRGB, and changes nothing."""


class Meant(NamedTuple):
    """A picture in sRGB: whether its numbers had to be changed, and what of the file could not be read, or nothing."""

    picture: Image.Image
    converted: bool
    note: str


def to_srgb(picture: Image.Image, info: Mapping[Any, Any]) -> Meant:
    """A picture of mode L, RGB or CMYK -> one of mode RGB.

    Args:
        picture: its own mode must be that of the file, but for palettes.
        info: what Pillow read beside the pixels: `icc_profile`, `gamma` and `srgb`.
    """
    note = ""
    if "icc_profile" in info:
        try:
            mode, convert = _transform(info["icc_profile"] or b"", picture.mode)
            return Meant(convert(_as(picture, mode)), True, "") if convert else _as_is(picture)
        except Exception as error:  # whatever a wrong byte leads to: a profile that cannot be read costs no picture
            note = f"its colour profile cannot be used, and it is taken for sRGB: {error or type(error).__name__}"
    gamma = info.get("gamma", PNG_SRGB_GAMMA)
    if "srgb" in info or abs(gamma / PNG_SRGB_GAMMA - 1) <= GAMMA_TOLERANCE:
        return _as_is(picture, note)
    if not LEAST_GAMMA <= gamma <= MOST_GAMMA:
        return _as_is(picture, f"its gamma ({gamma:g}) cannot be meant, and it is taken for sRGB")
    return Meant(_as(picture, "RGB").point(_levels(gamma) * 3), True, note)


def _as(picture: Image.Image, mode: str) -> Image.Image:
    return picture if picture.mode == mode else picture.convert(mode)


def _as_is(picture: Image.Image, note: str = "") -> Meant:
    return Meant(_as(picture, "RGB"), False, note)


@lru_cache(16)  # the pictures of a folder share a few profiles
def _transform(profile: bytes, mode: str) -> tuple[str, Callable[[Image.Image], Image.Image] | None]:
    """The mode in which a picture's colours are those of its profile, and what makes sRGB of them; None: they are that.

    A grey picture may have a profile of RGB: its levels are those of all three.

    Raises:
        Exception: the profile is damaged, or of other colours than the picture.
    """
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    if mode == "L" and source.profile.xcolor_space.strip() == "RGB":
        mode = "RGB"
    exact = ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.HIGHRESPRECALC
    transform = ImageCms.buildTransform(
        *(source, ImageCms.createProfile("sRGB"), mode, "RGB"),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION | exact,
    )
    if mode == "CMYK":
        return mode, transform.apply
    probe = _probe(mode)
    before, after = (np.asarray(colors) for colors in (_as(probe, "RGB"), transform.apply(probe)))
    if np.abs(before.astype(int) - after).max() <= ROUNDING:
        return mode, None
    if mode == "L":  # each level once: exact, its own way would be slow
        return mode, lambda picture: Image.fromarray(after[0][np.asarray(picture)])
    return mode, transform.apply


def _probe(mode: str) -> Image.Image:
    """All greys, and for RGB a lattice of colours, too."""
    greys = np.arange(256, dtype=np.uint8)
    if mode == "L":
        return Image.fromarray(greys[None])
    lattice = np.stack(np.meshgrid(*[greys[::15]] * 3), axis=-1).reshape(-1, 3)
    return Image.fromarray(np.concatenate([greys[:, None].repeat(3, axis=1), lattice])[None])


def _levels(gamma: float) -> list[int]:
    """Level of a sample that was stored as light ** gamma -> level of sRGB (IEC 61966-2-1)."""
    light = np.linspace(0, 1, 256) ** (1 / gamma)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    levels: list[int] = np.round(255 * encoded).astype(int).tolist()
    return levels
