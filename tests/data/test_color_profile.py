"""Pictures in other colours than sRGB, against the published matrices and curves."""

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from gan.data.picture import Read, read, read_picture
from tests.support.pictures import random_picture
from tests.support.profiles import ADOBE_GAMMA, ADOBE_RGB, DISPLAY_P3, SRGB_CURVE, of_grey, of_inks, of_matrix

MANY = 10**8
XYZ_OF_ADOBE_RGB = np.array(
    [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
)  # relative to D65: Adobe RGB (1998) Color Image Encoding, 4.3.5.3
XYZ_OF_P3 = np.array([[0.48657, 0.26567, 0.19822], [0.22897, 0.69174, 0.07929], [0.0, 0.04511, 1.04394]])
SRGB_OF_XYZ = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)  # IEC 61966-2-1, from XYZ relative to D65
SRGB_OF_D50 = np.array(
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540], [0.0719453, -0.2289914, 1.4052427]]
)  # with Bradford's adaptation


def encoded(light: np.ndarray) -> np.ndarray:
    """Linear light -> levels of sRGB (IEC 61966-2-1)."""
    light = light.clip(0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def decoded(levels: np.ndarray) -> np.ndarray:
    """Levels of sRGB -> linear light."""
    value = levels / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def colors() -> np.ndarray:
    """(24, 24, 3): a lattice of colours, blocks of one value apart."""
    levels = np.linspace(0, 255, 8).round().astype(np.uint8)
    lattice = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    return np.concatenate([lattice, lattice[:64]]).reshape(24, 24, 3)


def opened(picture: np.ndarray | Image.Image, kind: str = "PNG", **options: Any) -> Read:
    file = BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(file, kind, **options)
    return read(file, MANY)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("profile", "light", "to_xyz"),
    [
        (of_matrix(ADOBE_RGB, ADOBE_GAMMA), lambda levels: (levels / 255) ** ADOBE_GAMMA, XYZ_OF_ADOBE_RGB),
        (of_matrix(DISPLAY_P3, SRGB_CURVE), decoded, XYZ_OF_P3),
    ],
    ids=["Adobe RGB", "Display P3"],
)
def test_wide_gamuts_are_brought_to_srgb(kind: str, profile: bytes, light: Any, to_xyz: np.ndarray) -> None:
    linear = light(colors()) @ to_xyz.T @ SRGB_OF_XYZ.T
    found = opened(colors(), kind, icc_profile=profile)
    assert (found.converted, found.note) == (True, "")
    assert np.abs(encoded(linear) - found.pixels).max() < 2
    assert np.abs(found.pixels.astype(int) - colors()).max() > 40  # and that is far from what it was


def test_the_same_picture_in_two_profiles_is_the_same_picture() -> None:
    """Written in Display P3 by the matrices, it comes back."""
    picture = random_picture(3)
    in_p3 = decoded(picture) @ np.linalg.inv(SRGB_OF_XYZ).T @ np.linalg.inv(XYZ_OF_P3).T
    stored = encoded(in_p3).round().astype(np.uint8)
    found = opened(stored, icc_profile=of_matrix(DISPLAY_P3, SRGB_CURVE)).pixels
    assert np.abs(found.astype(int) - picture).max() <= 2
    as_jpeg = opened(stored, "JPEG", quality=100, subsampling=0, icc_profile=of_matrix(DISPLAY_P3, SRGB_CURVE)).pixels
    assert np.abs(as_jpeg.astype(int) - picture).mean() < 2


def test_a_profile_of_srgb_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("PNG", "WEBP", "TIFF", "JPEG"):
        options = {"lossless": True} if kind == "WEBP" else {}
        found, without = (opened(colors(), kind, **options, **more) for more in ({"icc_profile": profile}, {}))
        assert not found.converted
        assert np.array_equal(found.pixels, without.pixels)


def test_grey_of_a_grey_profile_and_of_one_for_colours() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for profile in (of_grey(1.0), of_matrix(ADOBE_RGB, 1.0)):
        found = opened(ramp, icc_profile=profile)
        assert found.converted
        assert np.abs(found.pixels - encoded(ramp / 255)[:, :, None]).max() < 1
    deep = opened(np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16), icc_profile=of_grey(1.0))
    assert np.array_equal(deep.pixels, opened(ramp, icc_profile=of_grey(1.0)).pixels)


def test_inks_are_what_their_profile_says() -> None:
    lab = np.zeros((2, 2, 2, 2, 3))
    lab[0, 0, 0, 0] = [100, 0, 0]
    lab[1, 0, 0, 0] = [60, 0, 0]  # cyan is a grey here: only the profile tells
    lab[0, 1, 0, 0] = [60, 30, -20]
    inks = np.zeros((24, 24, 4), np.uint8)
    inks[:, 8:16, 0] = inks[:, 16:, 1] = 255
    found = opened(Image.fromarray(inks, "CMYK"), "TIFF", icc_profile=of_inks(lab))
    assert found.converted
    white, cyan, magenta = found.pixels[12, [4, 12, 20]]
    assert white.min() >= 254
    assert np.abs(cyan - encoded(np.array([((60 + 16) / 116) ** 3] * 3))).max() <= 1
    y = (60 + 16) / 116
    xyz = np.array([0.9642 * (y + 30 / 500) ** 3, y**3, 0.8249 * (y + 20 / 200) ** 3])
    assert np.abs(magenta - encoded(SRGB_OF_D50 @ xyz)).max() <= 2
    as_jpeg = opened(Image.fromarray(inks, "CMYK"), "JPEG", quality=95, icc_profile=of_inks(lab))
    assert np.abs(as_jpeg.pixels.astype(int) - found.pixels)[:, [4, 12, 20]].max() < 12


def test_transparency_and_palettes_keep_their_profile(tmp_path: Path) -> None:
    profile = of_matrix(DISPLAY_P3, SRGB_CURVE)
    red = opened(np.full((8, 8, 3), [200, 60, 60], np.uint8), icc_profile=profile).pixels[0, 0].astype(int)
    clear = np.full((8, 8, 4), [200, 60, 60, 255], np.uint8)
    clear[4:, :, 3] = 128
    Image.fromarray(clear).save(tmp_path / "clear.png", icc_profile=profile)
    drawing = read_picture(tmp_path / "clear.png", MANY)
    assert drawing.shape == (8, 8, 4)
    assert np.array_equal(drawing[:, :, :3], np.broadcast_to(red, (8, 8, 3)))
    assert np.array_equal(drawing[:, :, 3], clear[:, :, 3])
    laid = read(tmp_path / "clear.png", MANY).pixels
    assert np.abs(laid[6, 6] - (red * 128 + 255 * 127) / 255).max() <= 1
    palette = Image.fromarray(clear[:, :, :3]).quantize(4)
    assert np.abs(opened(palette, icc_profile=profile).pixels[0, 0] - red).max() <= 1


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (b"not a profile", "cannot open profile"),
        (of_matrix(ADOBE_RGB, 2.2)[:150], "cannot open profile"),
        (of_grey(1.0), "cannot build transform"),
        (of_inks(np.zeros((2, 2, 2, 2, 3))), "cannot build transform"),
    ],
    ids=["none", "cut off", "of grey", "of inks"],
)
def test_a_profile_that_cannot_be_used_costs_no_picture(profile: bytes, reason: str) -> None:
    found = opened(colors(), icc_profile=profile)
    assert np.array_equal(found.pixels, colors())
    assert not found.converted
    assert "its colour profile cannot be used, and it is taken for sRGB: " in found.note
    assert reason in found.note


def with_chunks(**chunks: bytes) -> PngInfo:
    info = PngInfo()
    for kind, content in chunks.items():
        info.add(kind.encode(), content)
    return info


def gamma(value: float) -> bytes:
    return struct.pack(">I", round(100_000 * value))


@pytest.mark.parametrize("value", [1.0, 0.55556, 0.7])
def test_a_png_with_another_gamma(value: float) -> None:
    found = opened(colors(), pnginfo=with_chunks(gAMA=gamma(value)))
    assert (found.converted, found.note) == (True, "")
    assert np.abs(encoded((colors() / 255) ** (1 / value)) - found.pixels).max() < 1
    grey = Image.fromarray(np.array([[0, 128, 255]], np.uint8))
    assert opened(grey, pnginfo=with_chunks(gAMA=gamma(1.0))).pixels[0, :, 0].tolist() == [0, 188, 255]


def test_a_gamma_that_says_nothing_new() -> None:
    profile = of_matrix(DISPLAY_P3, SRGB_CURVE)
    for kept in ({"gAMA": gamma(0.45455)}, {"gAMA": gamma(0.47)}, {"gAMA": gamma(1.0), "sRGB": b"\0"}):
        found = opened(colors(), pnginfo=with_chunks(**kept))
        assert np.array_equal(found.pixels, colors())
        assert not found.converted
    both = opened(colors(), icc_profile=profile, pnginfo=with_chunks(gAMA=gamma(1.0)))
    assert np.array_equal(both.pixels, opened(colors(), icc_profile=profile).pixels)  # a profile goes before a gamma
    damaged = opened(colors(), pnginfo=with_chunks(gAMA=gamma(0)))
    assert np.array_equal(damaged.pixels, colors())
    assert damaged.note == "its gamma (0) cannot be meant, and it is taken for sRGB"
