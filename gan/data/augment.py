"""Random changes to training pictures: one geometry for everything of a picture, and a jitter for its drawing alone.

Pictures are 8 bit: (H, W) drawings, (H, W, C) stacks of colours or coverage. Each draw comes from the generator that is
handed in, so that it is a function of (seed, epoch, index).
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from gan.arrays import Pixels
from gan.config import Augment

HOLES = 6
"""Most places where line_dropout takes strokes away."""


def load_shape(shape: tuple[int, int], augment: Augment) -> tuple[int, int]:
    """Height and width that training pictures are made to cover before they are cropped to `shape`."""
    height, width = (round(side * (1 + augment.crop)) for side in shape)
    return height, width


@lru_cache(maxsize=4)
def _geometry(augment: Augment, shape: tuple[int, int]) -> Any:
    import albumentations as A  # here, for it takes a second to import, and avatars do without it

    steps: list[Any] = [A.RandomCrop(*shape, p=1)]
    if augment.flip:
        steps.append(A.HorizontalFlip(p=augment.flip))
    if augment.rotate or augment.scale:
        steps.append(
            A.Affine(
                rotate=(-augment.rotate, augment.rotate),
                scale=(1 - augment.scale, 1 + augment.scale),
                keep_ratio=True,
                border_mode=cv2.BORDER_REFLECT_101,
                p=1,
            )
        )
    return A.Compose(steps, additional_targets={"line": "image", "regions": "image"})


def same_geometry(
    augment: Augment,
    shape: tuple[int, int],
    rng: np.random.Generator,
    color: Pixels,
    line: Pixels,
    regions: Pixels | None = None,
) -> tuple[Pixels, Pixels, Pixels | None]:
    """Crop, mirror, rotate and scale everything of one picture alike.

    Args:
        augment: what may change.
        shape: height and width of the result, which the pictures must cover.
        rng: the draws.
        color: (H, W, 3); line: (H, W); regions: (H, W, K) or None.
    """
    compose = _geometry(augment, shape)
    compose.set_random_seed(int(rng.integers(2**32)))
    parts = {"image": color, "line": line[:, :, None]} | ({} if regions is None else {"regions": regions})
    changed = compose(**parts)
    return changed["image"], changed["line"].reshape(shape), changed.get("regions")


def centre_crop(shape: tuple[int, int], picture: Pixels) -> Pixels:
    """The middle of an (H, W) or (H, W, C) picture."""
    height, width = shape
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width]


def jitter_line(augment: Augment, rng: np.random.Generator, line: Pixels) -> Pixels:
    """Another hand and another scanner: thickness, lost strokes, faded ink and noise on an (H, W) drawing."""
    if rng.random() < augment.line_thickness:
        line = _thickness(rng, line)
    if rng.random() < augment.line_dropout:
        line = _dropout(rng, line)
    ink = (255.0 - line) * (1 - augment.line_grey * rng.random())
    noise = rng.normal(0, 1, line.shape) * (255 * augment.line_noise * rng.random())
    return np.clip(255 - ink + noise, 0, 255).round().astype(np.uint8)


def _thickness(rng: np.random.Generator, line: Pixels) -> Pixels:
    kernel = np.ones((2, 2), np.uint8)
    if rng.random() < 0.5:
        return np.asarray(cv2.erode(line, kernel), dtype=np.uint8)  # ink is dark: the darkest neighbour wins
    # a line of 1 px would vanish if it lost a pixel: it loses half of its ink
    return np.asarray(cv2.addWeighted(line, 0.5, cv2.dilate(line, kernel), 0.5, 0), dtype=np.uint8)


def _dropout(rng: np.random.Generator, line: Pixels) -> Pixels:
    line = line.copy()
    height, width = line.shape
    for _ in range(rng.integers(1, HOLES + 1)):
        tall, wide = (max(1, int(rng.uniform(0.05, 0.2) * side)) for side in (height, width))
        top, left = rng.integers(height - tall + 1), rng.integers(width - wide + 1)
        line[top : top + tall, left : left + wide] = 255
    return line
