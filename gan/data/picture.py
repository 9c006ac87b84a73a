"""A person's picture files, decoded to 8-bit sRGB whatever they hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from gan.arrays import Pixels

FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


class UnusablePicture(Exception):
    """A file that is no usable picture; the message is the reason."""


def read_rgb(path: Path | BinaryIO, max_pixels: int, least: tuple[int, int] | None = None) -> Pixels:
    """A picture file -> (H, W, 3) of 0..255: upright, 16 bit scaled to 8, transparency laid on white.

    Args:
        path: a JPEG, PNG or WebP file, which may be open already or in memory.
        max_pixels: a picture with more is not decoded.
        least: height and width that must stay covered where a JPEG is decoded at a fraction of its size; None: whole.

    Raises:
        UnusablePicture: it is no such file, it is damaged, or it has too many pixels.
        OSError: the file system does not give it away.
    """
    with _opened(path, f"data.max_pixels ({max_pixels})", max_pixels) as picture:
        if least is not None:
            side = max(least)  # a picture may yet be turned upright
            picture.draft("RGB", (side, side))
        return _to_rgb(ImageOps.exif_transpose(picture))


def read_picture(path: Path | BinaryIO, max_pixels: int) -> Pixels:
    """A picture file -> (H, W, 3) of 0..255, or (H, W, 4) where it has transparency; as `read_rgb` otherwise.

    A file may be open already, or be in memory.
    """
    with _opened(path, f"{max_pixels} pixels", max_pixels) as picture:
        upright = ImageOps.exif_transpose(picture)
        if upright.has_transparency_data and not upright.mode.startswith("I"):
            return np.array(upright.convert("RGBA"))
        return _to_rgb(upright)


def upright_size(path: Path, max_pixels: int) -> tuple[int, int]:
    """Width and height of a picture file as it is shown; raises as `read_rgb`."""
    with _opened(path, f"{max_pixels} pixels", max_pixels) as picture:
        return ImageOps.exif_transpose(picture).size


@contextmanager
def _opened(path: Path | BinaryIO, limit: str, max_pixels: int) -> Iterator[Image.Image]:
    """A picture that is not too large; what Pillow raises, also while it decodes, as `UnusablePicture`."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > max_pixels:
                raise UnusablePicture(f"{width}x{height} is more than {limit}")
            yield picture
    except UnusablePicture:
        raise
    except Image.DecompressionBombError as error:
        raise UnusablePicture(f"it has more pixels than {limit}") from error
    except UnidentifiedImageError as error:
        raise UnusablePicture("not a JPEG, PNG or WebP picture") from error
    except OSError as error:
        if error.errno is not None:  # the file system's trouble, and not the file's: it may pass
            raise
        raise UnusablePicture(f"cannot be read: {' '.join(str(error).split())}") from error
    except (ValueError, SyntaxError) as error:  # what Pillow's decoders raise
        raise UnusablePicture(f"cannot be read: {' '.join(str(error).split())}") from error


def _to_rgb(picture: Image.Image) -> Pixels:
    if picture.mode.startswith("I"):  # 16 bit grey, which convert() would clip and not scale
        grey = (np.asarray(picture).astype(np.int64) // 257).clip(0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, rgba)
    return np.array(picture.convert("RGB"))


def cover(picture: Pixels, shape: tuple[int, int]) -> Pixels:
    """Resize (H, W) or (H, W, C) so that it just covers `shape`: averaged where it shrinks, cubic where it grows."""
    height, width = picture.shape[:2]
    scale = max(shape[0] / height, shape[1] / width)
    if scale == 1:
        return picture
    target = (max(shape[1], round(width * scale)), max(shape[0], round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, target, interpolation=method), dtype=np.uint8)
