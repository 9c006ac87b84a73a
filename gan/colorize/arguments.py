"""What a person asks for, checked before anything is done with it: a sentence for each fault."""

import os
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

from gan.arrays import Pixels
from gan.colorize.drawing import check_drawing
from gan.data.picture import UnusablePicture, pixels_of
from gan.errors import RequestError
from gan.hints.painted import Hint

LEAST_SIZE, MOST_SIZE = 16, 4096
"""Of the short side at which a network works, in pixels."""
MOST_PIXELS = 80_000_000
"""Drawings with more pixels are not read."""
CHECKPOINTS = ("last", "best")
Picture = Pixels | Image.Image
"""(H, W), (H, W, 3) or (H, W, 4) uint8 in sRGB, or a picture of Pillow, which is brought to that as a file is."""


def drawing_of(picture: Picture) -> Pixels:
    """A drawing as (H, W), (H, W, 3) or (H, W, 4) uint8.

    Raises:
        RequestError: it is no such picture, has no pixel, too many, or is too long for its width.
    """
    pixels = _pixels_of(picture, "the drawing")
    check_drawing(pixels)
    return pixels


def hint_picture_of(picture: Picture | None, shape: tuple[int, ...]) -> Pixels | None:
    """A hint picture for a drawing of H and W as (H, W, 4) uint8.

    Raises:
        RequestError: it is no such picture.
    """
    if picture is None:
        return None
    pixels, (height, width) = _pixels_of(picture, "the hint picture"), shape
    if pixels.dtype != np.uint8 or pixels.shape[2:] != (4,):
        found = f"{pixels.dtype} {pixels.shape}"
        raise RequestError(f"the hint picture must be uint8 of (H, W, 4), transparent beside the hints, not {found}")
    if pixels.shape[:2] != (height, width):
        found = f"{pixels.shape[1]}x{pixels.shape[0]}"
        raise RequestError(f"the hint picture ({found}) must have the size of the drawing ({width}x{height})")
    return pixels


def _pixels_of(picture: Any, what: str) -> Pixels:
    if isinstance(picture, Image.Image):
        try:
            return pixels_of(picture, MOST_PIXELS)
        except (UnusablePicture, OSError) as error:
            raise RequestError(f"{what} cannot be used: {error}") from error
    if isinstance(picture, np.ndarray):
        return picture
    raise RequestError(f"{what} must be an array of uint8, or a picture of Pillow, not {type(picture).__name__}")


def hints_of(hints: Iterable[Hint]) -> list[Hint]:
    """Hints, as many as are given.

    Raises:
        RequestError: they are none; what each of them is, `gan.hints.painted.check_hints` checks.
    """
    if not isinstance(hints, Iterable):
        raise RequestError(f"hints must be a list of Hint, not {type(hints).__name__}")
    return list(hints)


def check_size(size: int | None, *, native: bool, dashes: str = "") -> None:
    """Check the size at which the network is to work.

    dashes: before the names, as a person wrote them.

    Raises:
        RequestError: it is out of range, or there are two of them.
    """
    if size is None:
        return
    if native:
        raise RequestError(f"{dashes}size ({size}) and {dashes}native exclude each other")
    if not _is_whole(size) or not LEAST_SIZE <= size <= MOST_SIZE:
        raise RequestError(f"{dashes}size ({size}) must lie between {LEAST_SIZE} and {MOST_SIZE}, a whole number")


def check_ways(*, native: bool, raw: bool, from_picture: bool | None) -> None:
    """Check how a drawing is to be taken.

    Raises:
        RequestError: one is neither True nor False, or two exclude each other.
    """
    for name, value in (("native", native), ("raw", raw), ("from_picture", from_picture or False)):
        check_is_bool(name, value)
    if raw and from_picture:
        raise RequestError("raw and from_picture exclude each other")


def check_is_bool(name: str, value: bool) -> None:
    """Check that an argument is True or False.

    Raises:
        RequestError: it is something else, which Python would take for one of them.
    """
    if not isinstance(value, bool | np.bool_):
        raise RequestError(f"{name} ({value!r}) must be True or False")


def check_variant(variant: int, noise: int) -> None:
    """Check which colouring is asked for, of a run with so many numbers of noise a picture.

    Raises:
        RequestError: it is no whole number from 0 on, or the run has one answer only.
    """
    if not _is_whole(variant) or variant < 0:
        raise RequestError(f"variant ({variant!r}) must be a whole number from 0 on")
    if variant and not noise:
        raise RequestError(f"variant ({variant}) needs a run with generator.noise, and this one has none")


def check_loading(run: object, checkpoint: object, average: bool, device: object) -> None:
    """Check which weights are asked for; whether they are there, their reader says.

    Raises:
        RequestError: an argument is of another kind, or there is no such checkpoint.
    """
    if not isinstance(run, str | os.PathLike):
        raise RequestError(f"run ({run!r}) must be the path of a run folder")
    if checkpoint not in CHECKPOINTS:
        raise RequestError(f"checkpoint ({checkpoint!r}) must be one of {', '.join(CHECKPOINTS)}")
    check_is_bool("average", average)
    if not isinstance(device, str):
        raise RequestError(f"device ({device!r}) must be the name of a PyTorch device, or auto")


def _is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
