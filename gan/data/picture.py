"""A person's picture files, decoded to 8-bit sRGB whatever they hold."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

import cv2
import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION, TiffImageFile

from gan.arrays import Pixels
from gan.data.bare import without_metadata
from gan.data.color_profile import to_srgb
from gan.files import open_regular

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, 4.6.5) -> what makes a picture upright."""
COLORS = {"1": "L", "L": "L", "LA": "L", "La": "L", "CMYK": "CMYK"}
"""Mode of a picture -> that of its colours alone, where it is not RGB."""
Taken = TypeVar("Taken")


class UnusablePicture(Exception):
    """A file that is no usable picture; the message is the reason."""


class TooLarge(UnusablePicture):
    """A picture of more pixels than are wanted."""


@dataclass(frozen=True)
class Read:
    """A picture as its file means it.

    pixels: (H, W, 3) of 0..255 in sRGB; (H, W, 4) where transparency was asked for and is there. converted: whether the
    file said that its numbers were not sRGB. note: what of its metadata could not be read; empty where all could.
    """

    pixels: Pixels
    converted: bool
    note: str


def read(path: Path | BinaryIO, max_pixels: int, least: tuple[int, int] | None = None) -> Read:
    """A picture file -> (H, W, 3): upright, in sRGB, 16 bit scaled to 8, transparency laid on white.

    Args:
        path: a JPEG, PNG, WebP, TIFF (its first page) or BMP file, which may be open already or in memory.
        max_pixels: a picture with more is not decoded.
        least: height and width that must stay covered where a JPEG is decoded at a fraction of its size; None: whole.

    Raises:
        UnusablePicture: it is no such file, it is damaged, or it has too many pixels.
        OSError: the file system does not give it away, or it is no regular file.
    """
    return _read(path, max_pixels, f"data.max_pixels ({max_pixels})", least, on_white=True)


def read_rgb(path: Path | BinaryIO, max_pixels: int, least: tuple[int, int] | None = None) -> Pixels:
    """The pixels that `read` returns."""
    return read(path, max_pixels, least).pixels


def read_picture(path: Path | BinaryIO, max_pixels: int) -> Pixels:
    """A picture file -> (H, W, 3) of 0..255, or (H, W, 4) where it has transparency; as `read` otherwise."""
    return _read(path, max_pixels, f"{max_pixels} pixels", None, on_white=False).pixels


def pixels_of(picture: Image.Image, max_pixels: int) -> Pixels:
    """A picture that Pillow opened or made -> (H, W, 3) of 0..255, or (H, W, 4); as `read_picture` otherwise.

    Raises:
        UnusablePicture: it is damaged, has too many pixels, or numbers of which it does not say what is white.
    """
    with _refused(f"{max_pixels} pixels"):
        _check_pixels(picture, max_pixels, f"{max_pixels} pixels")
        if picture.format is None and picture.mode in ("I", "F"):
            raise UnusablePicture(f"its mode ({picture.mode}) does not say which number is white")
        return _in_srgb(picture, on_white=False).pixels


def upright_size(path: Path, max_pixels: int) -> tuple[int, int]:
    """Width and height of a picture file as it is shown; raises as `read`."""

    def size(picture: Image.Image) -> tuple[int, int]:
        if picture.format == "TIFF":
            picture.load()  # by which Pillow turns it
        width, height = picture.size
        return (height, width) if _orientation(picture) >= 5 else (width, height)

    return _decoded(path, max_pixels, f"{max_pixels} pixels", size)[0]


def _read(path: Path | BinaryIO, max_pixels: int, limit: str, least: tuple[int, int] | None, *, on_white: bool) -> Read:
    def take(picture: Image.Image) -> Read:
        if least is not None:
            side = max(least)  # a picture may yet be turned upright
            picture.draft("RGB", (side, side))
        return _in_srgb(picture, on_white=on_white)

    taken, left_out = _decoded(path, max_pixels, limit, take)
    return Read(taken.pixels, taken.converted, left_out or taken.note)


def _decoded(
    path: Path | BinaryIO, max_pixels: int, limit: str, take: Callable[[Image.Image], Taken]
) -> tuple[Taken, str]:
    """What is taken of a picture, and which of its metadata were left out for it: they never cost a picture."""
    with open_regular(path) if isinstance(path, Path) else nullcontext(path) as file:
        try:
            with _opened(file, max_pixels, limit) as picture:
                return take(picture), ""
        except TooLarge:
            raise
        except UnusablePicture:
            file.seek(0)
            for bare in without_metadata(file.read()):
                with suppress(UnusablePicture), _opened(BytesIO(bare), max_pixels, limit) as picture:
                    return take(picture), "its metadata are damaged, and left out"
            raise


@contextmanager
def _opened(file: BinaryIO, max_pixels: int, limit: str) -> Iterator[Image.Image]:
    """A picture that is not too large; what Pillow raises, also while it decodes, as `UnusablePicture`."""
    with _refused(limit), Image.open(file, formats=FORMATS) as picture:
        _check_pixels(picture, max_pixels, limit)
        yield picture


def _check_pixels(picture: Image.Image, max_pixels: int, limit: str) -> None:
    width, height = picture.size
    if width * height > max_pixels:
        raise TooLarge(f"{width}x{height} is more than {limit}")


@contextmanager
def _refused(limit: str) -> Iterator[None]:
    """What Pillow raises, as `UnusablePicture`."""
    try:
        yield
    except UnusablePicture:
        raise
    except MemoryError as error:  # the machine's trouble, and not the file's: it may pass
        raise OSError(errno.ENOMEM, "not enough memory") from error
    except Image.DecompressionBombError as error:
        raise TooLarge(f"it has more pixels than {limit}") from error
    except UnidentifiedImageError as error:
        raise UnusablePicture("not a JPEG, PNG, WebP, TIFF or BMP picture") from error
    except Exception as error:  # whatever a wrong byte leads to
        if isinstance(error, OSError) and error.errno is not None:  # the file system's trouble, which may pass, too
            raise
        raise UnusablePicture(f"cannot be read: {' '.join(str(error).split()) or type(error).__name__}") from error


def _orientation(picture: Image.Image) -> int:
    """By EXIF or XMP; 1, upright, where nothing is said that can be read."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # as in `_opened`
        return 1
    return found if isinstance(found, int) and found in TURNS else 1


def _in_srgb(picture: Image.Image, *, on_white: bool) -> Read:
    picture.load()  # before its orientation is asked for: of a TIFF, Pillow turns it here
    turn = TURNS.get(_orientation(picture))
    upright = picture if turn is None else picture.transpose(turn)
    if upright.mode[0] in "IF":
        upright = _eight_bits(upright, picture)
    mode, alpha = COLORS.get(upright.mode, "RGB"), None
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        alpha = upright.getchannel("A")
    meant = to_srgb(upright.convert(mode), picture.info)
    shown = meant.picture
    if alpha is not None:
        shown.putalpha(alpha)
        if on_white:
            white = Image.new("RGBA", shown.size, (255, 255, 255, 255))
            shown = Image.alpha_composite(white, shown).convert("RGB")
    return Read(np.array(shown), meant.converted, meant.note)


def _eight_bits(grey: Image.Image, file: Image.Image) -> Image.Image:
    """Grey of 16 bit, which convert() would clip and not scale, and of which Pillow takes no white that is 0."""
    if file.format == "TIFF" and not grey.mode.startswith("I;16"):
        raise UnusablePicture("its numbers are signed, of 32 bits or fractions, and what is white is not known")
    levels = (np.asarray(grey).astype(np.int64) // 257).clip(0, 255).astype(np.uint8)
    white_is_zero = isinstance(file, TiffImageFile) and file.tag_v2.get(PHOTOMETRIC_INTERPRETATION) == 0
    return Image.fromarray(255 - levels if white_is_zero else levels)


def cover(picture: Pixels, shape: tuple[int, int]) -> Pixels:
    """Resize (H, W) or (H, W, C) so that it just covers `shape`: averaged where it shrinks, cubic where it grows."""
    height, width = picture.shape[:2]
    scale = max(shape[0] / height, shape[1] / width)
    if scale == 1:
        return picture
    target = (max(shape[1], round(width * scale)), max(shape[0], round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, target, interpolation=method), dtype=np.uint8)
