"""Any drawing -> clean line art: (H, W) of 0..255, dark on white.

A photograph or a scan is no line art yet: the paper is grey or tinted and lit unevenly, pencil is pale, ink may be
coloured, a file may be transparent or white on black. `clean` brings paper to white and ink to black; `fit` brings
the drawing to the size of a network without losing thin strokes.
"""

from typing import Any

import cv2
import numpy as np

from gan.arrays import Floats, Pixels
from gan.errors import RequestError

PAPER_SIDE = 256
"""The paper's colour varies slowly: it is found at this size."""
NEIGHBOURHOOD = 31
"""Width of a neighbourhood in pixels, at PAPER_SIDE."""
FAINTEST = 0.08
"""Least contrast of ink, as a share of the paper's brightness: a page without any is left white."""
MOST_ASPECT = 256
"""A drawing may be so many times as long as it is wide."""
MOST_REDUCED = 32
"""Times that a drawing is made smaller from where its strokes are thickened."""
FRAME = 64
"""Grey levels by which a frame differs from the page in it."""
GRAIN = 6.0
"""The paper's grain ends this many standard deviations from its middle."""


def on_paper(drawing: Pixels, *, white_ink: bool = True) -> Pixels:
    """(H, W), (H, W, 3) or (H, W, 4) -> (H, W, 3): grey as colour; transparency on white, or on black under white ink.

    Args:
        drawing: uint8.
        white_ink: look for that; without it, transparency is on white as in the pictures of a training.

    Raises:
        RequestError: as `check_drawing`.
    """
    check_drawing(drawing)
    if drawing.ndim == 2:
        return np.repeat(drawing[:, :, None], 3, axis=2)
    if drawing.shape[2] == 3:
        return drawing
    color, alpha = drawing[:, :, :3].astype(np.float32), drawing[:, :, 3:].astype(np.float32) / 255
    visible = luminance(np.ascontiguousarray(drawing[:, :, :3]))[drawing[:, :, 3] > 127]
    sparse = white_ink and len(visible) > 0 and alpha.mean() < 0.5
    white_ink = sparse and bool(np.percentile(visible, 5) > 127)  # nothing dark, little at all
    paper = 0.0 if white_ink else 255.0
    return (color * alpha + paper * (1 - alpha)).round().astype(np.uint8)


def check_drawing(drawing: Pixels) -> None:
    """Check that an array is a drawing.

    Raises:
        RequestError: it is of another shape or type, has no pixel, or is too long for its width.
    """
    if drawing.dtype != np.uint8 or drawing.ndim not in (2, 3) or drawing.shape[2:] not in ((), (3,), (4,)):
        raise RequestError(
            f"a drawing must be uint8 of (H, W), (H, W, 3) or (H, W, 4), not {drawing.dtype} {drawing.shape}"
        )
    height, width = drawing.shape[:2]
    if not height or not width:
        raise RequestError(f"a drawing must have pixels, and {width}x{height} has none")
    if max(height, width) > MOST_ASPECT * min(height, width):
        raise RequestError(f"a drawing must be at most {MOST_ASPECT} times as long as wide, not {width}x{height}")


def luminance(picture: Pixels) -> Pixels:
    """(H, W, 3) -> (H, W), as it is: nothing is normalised."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def clean(picture: Pixels) -> Pixels:
    """(H, W, 3) of 0..255 -> (H, W) line art with white paper and black ink."""
    small = at_most(picture, PAPER_SIDE)
    if _inverted(luminance(small)):
        picture, small = ~picture, ~small
    paper = _paper(small)
    depth = _depth(small, paper)
    grain = float(np.median(depth))
    grain += GRAIN * 1.4826 * float(np.median(np.abs(depth - grain)))
    height, width = picture.shape[:2]
    full = _depth(picture, np.asarray(cv2.resize(paper, (width, height)), dtype=np.float32))
    ink = full[full > max(grain, FAINTEST)]
    if len(ink) == 0:
        return np.full(picture.shape[:2], 255, np.uint8)
    black = max(float(np.percentile(ink, 90)), grain + FAINTEST)
    line = 1 - ((full - grain) / (black - grain)).clip(0, 1)
    return (line * 255).round().astype(np.uint8)


def _inverted(grey: Pixels) -> bool:
    """Whether strokes are lighter than what they lie on, however bright that is; in doubt a dark page is a board.

    Paper is what most of a neighbourhood is, also between the strokes of a dense drawing. Within a scanner's frame,
    which is neither, the middle decides.
    """
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if (np.abs(rim - np.median(grey)) > FRAME).mean() > 0.25:
        down, across = (side // 8 for side in grey.shape)
        grey = grey[down : grey.shape[0] - down, across : grey.shape[1] - across]
    paper = _pixels(cv2.medianBlur(grey, NEIGHBOURHOOD))
    darker, lighter = (float(cv2.subtract(*pair).mean()) for pair in ((paper, grey), (grey, paper)))
    if max(darker, lighter) > 1.5 * min(darker, lighter):
        return lighter > darker
    return float(np.median(grey)) < 128


def _paper(picture: Pixels) -> Floats:
    """(h, w, 3) -> the paper's colour everywhere: what is left when strokes are closed, never darker than half of it.

    A large black fill is wider than any stroke and would pass for paper, were it not for that bound.
    """
    side = max(3, min(picture.shape[:2]) // 8 | 1)
    closed = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    smooth = cv2.GaussianBlur(closed.astype(np.float32), (0, 0), side / 3)
    usual = np.percentile(closed.reshape(-1, 3), 80, axis=0)
    return np.asarray(np.maximum(smooth, usual.clip(2) / 2), dtype=np.float32)


def _depth(picture: Pixels, paper: Floats) -> Floats:
    """How much darker than the paper, as a share of it, in the channel where that is most: red ink shows in blue."""
    least: Floats = np.full(picture.shape[:2], np.inf, np.float32)
    for color, white in zip(cv2.split(picture), cv2.split(paper), strict=True):  # far quicker than a minimum of triples
        np.minimum(least, color / white, out=least)
    return np.asarray(1 - least, dtype=np.float32).clip(0, 1)


def at_most(picture: Pixels, side: int) -> Pixels:
    """A picture whose short side is at most `side`."""
    scale = side / min(picture.shape[:2])
    if scale >= 1:
        return picture
    target = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return _pixels(cv2.resize(picture, target, interpolation=cv2.INTER_AREA))


def stroke_width(line: Pixels) -> float:
    """Mean width of the strokes of an (H, W) drawing in pixels, 0 for a blank page.

    Twice the inked area over the length of its edge; fills, a 16th of the short side wide and more, do not count.
    """
    ink = (line < (int(line.min()) + 255) // 2).astype(np.uint8)
    side = max(3, min(line.shape) // 16) | 1  # an even one would be off by half a pixel
    ink -= _pixels(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)))
    edge = cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).sum() / 2  # on both sides of the edge
    return float(2 * ink.sum() / edge) if edge else 0.0


def fit(line: Pixels, height: int, width: int, least: float) -> Pixels:
    """Bring (H, W) line art to another size; strokes that would become thinner than `least` pixels are thickened first.

    A stroke of 1 px at 1,024 px would be a 6 % grey at 64 px, and no network has seen such lines.
    """
    scale = min(height / line.shape[0], width / line.shape[1])
    if scale >= 1:
        return _pixels(cv2.resize(line, (width, height), interpolation=cv2.INTER_CUBIC)) if scale > 1 else line
    line = _darkest(line, int(1 / (MOST_REDUCED * scale)))
    scale = min(height / line.shape[0], width / line.shape[1])
    missing = least / scale - stroke_width(line)
    if missing >= 1:
        side = round(missing) + 1
        line = _pixels(cv2.erode(line, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))))
    return _pixels(cv2.resize(line, (width, height), interpolation=cv2.INTER_AREA))


def _darkest(line: Pixels, times: int) -> Pixels:
    """The darkest of each times x times pixels, so that no stroke fades: thickening costs the cube of what is left."""
    if times < 2:
        return line
    dark = cv2.erode(line, np.ones((times, times), np.uint8))
    return _pixels(dark[times // 2 :: times, times // 2 :: times])


def _pixels(picture: Any) -> Pixels:
    return np.asarray(picture, dtype=np.uint8)
