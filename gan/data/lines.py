"""Line drawings from pictures: (H, W, 3) of 0..255 sRGB -> (H, W) of 0..255, dark on white.

Call these at the size that the network will see: a line of 1 px drawn at 1,024 px is a 6 % grey at 64 px. Drawings
that come with their pictures are taken as they are (`given`).
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gan.arrays import Pixels
from gan.config import Data
from gan.errors import RequestError

MIX = ("canny", "canny_auto", "xdog", "adaptive")
"""What line=mix draws from."""
WHITE = 240
"""Least grey level of white paper."""
MOST_TONED = 0.15
"""Most of a page that may be neither white paper nor stroke, where a drawing is ink on white."""
JUDGED_SIDE = 256
"""Short side of a drawing, in pixels, at which it is judged whether it is: smaller, its strokes would run together."""


def extract(picture: Pixels, data: Data, rng: np.random.Generator) -> Pixels:
    """The drawing of a picture, as `data.line` says; `rng` is used by mix alone.

    Raises:
        RequestError: data.line is `given`, so there is nothing to extract.
    """
    name = str(rng.choice(MIX)) if data.line == "mix" else data.line
    if name == "canny":
        return canny(picture, data.canny_low, data.canny_high)
    if name not in _EXTRACTORS:
        raise RequestError(f"data.line ({name}) must be one of mix, {', '.join(MIX)} to draw lines from pictures")
    return _EXTRACTORS[name](picture)


def given(drawing: Pixels, height: int, width: int) -> Pixels:
    """A drawing that comes with its picture: (H, W, 3) -> (height, width), as it is, in grey."""
    return _grey(resized(drawing, height, width))


def resized(picture: Pixels, height: int, width: int) -> Pixels:
    """(H, W) or (H, W, C) at another size: averaged where it shrinks, cubic where it grows."""
    if picture.shape[:2] == (height, width):
        return picture
    method = cv2.INTER_AREA if picture.shape[0] > height else cv2.INTER_CUBIC
    return _pixels(cv2.resize(picture, (width, height), interpolation=method))


def is_ink_on_white(line: Pixels) -> bool:
    """Whether an (H, W) drawing is strokes on white paper, and may be multiplied onto colours.

    Closed by a window wider than any stroke, such a page is white: grey paper, white ink on black and flat tones, such
    as those of a label map, are not.
    """
    height, width = line.shape
    scale = JUDGED_SIDE / min(height, width)
    if scale < 1:
        line = resized(line, max(1, round(height * scale)), max(1, round(width * scale)))
    side = max(3, min(line.shape) // 16 | 1)
    paper = cv2.morphologyEx(line, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return float((_pixels(paper) < WHITE).mean()) <= MOST_TONED


def canny(picture: Pixels, low: int, high: int) -> Pixels:
    """Edges of 1 px, black on white (Canny 1986): the inverted output of OpenCV's Canny on grey levels."""
    return ~_pixels(cv2.Canny(_grey(picture), low, high))


def canny_auto(picture: Pixels) -> Pixels:
    """Canny with the upper threshold at Otsu's level of the grey histogram, and the lower at half of it."""
    grey = _grey(picture)
    high, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return ~_pixels(cv2.Canny(grey, high / 2, high))


def xdog(picture: Pixels, sigma: float = 0.7, tau: float = 0.98, slope: float = 40.0) -> Pixels:
    """Soft strokes from a thresholded difference of Gaussians (Winnemoeller, Kyprianidis, Olsen 2012, sec. 2; k = 1.6).

    Args:
        sigma: width of the inner Gaussian in pixels.
        tau: weight of the outer Gaussian; nearer to 1, fainter differences are drawn. Dark areas are not filled, for
            that would tell the network how bright they are.
        slope: phi, how hard the ink ends.
    """
    grey = _grey(picture).astype(np.float32) / 255
    inner = cv2.GaussianBlur(grey, (0, 0), sigma)
    outer = cv2.GaussianBlur(grey, (0, 0), 1.6 * sigma)
    response = inner - tau * outer
    drawn = np.where(response >= 0, 1.0, 1 + np.tanh(slope * response))
    return (drawn * 255).round().astype(np.uint8)


def adaptive(picture: Pixels, offset: float = 6.0) -> Pixels:
    """Ink where a pixel is darker than its neighbourhood, 1/8 of the picture wide, by `offset` grey levels."""
    grey = cv2.GaussianBlur(_grey(picture), (3, 3), 0)
    block = max(3, min(grey.shape) // 8 | 1)
    method, kind = cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY
    return _pixels(cv2.adaptiveThreshold(grey, 255, method, kind, block, offset))


def ink_share(line: Pixels) -> float:
    """Share of ink in a drawing: 0 for a white page, 1 for a black one."""
    return float(1 - line.mean() / 255)


_EXTRACTORS: dict[str, Callable[[Pixels], Pixels]] = {"canny_auto": canny_auto, "xdog": xdog, "adaptive": adaptive}


def _grey(picture: Pixels) -> Pixels:
    return _pixels(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))


def _pixels(picture: NDArray[Any]) -> Pixels:
    return np.asarray(picture, dtype=np.uint8)
