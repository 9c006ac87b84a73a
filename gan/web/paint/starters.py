"""What a person can begin with: drawings to colour, and colours that the training data has."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gan.arrays import Pixels
from gan.data.palette import SKIN5, WARM7
from gan.data.picture import UnusablePicture, read_rgb
from gan.data.render import CREDIT
from gan.grid import cut
from gan.web.library import SAMPLE
from gan.web.paint.models import Model
from gan.web.refused import Refused

CHARACTERS = (("paint-7", 17), ("paint-6", 10), ("paint-10", 3), ("paint-9", 31))
"""Seeds and hair variants of the characters in static/paint/characters, drawn by `gan.data.render.render_line`; no run
trains on these seeds."""
CHARACTER_SIZE = 512
MOST_GRID_PIXELS = 40_000_000
MOST_ROWS = 8
COLORS = 12
"""Dominant colours of a person's pictures that are offered."""


def palette(model: Model | None) -> list[dict[str, Any]]:
    """Groups of colours, `{"name": ..., "colors": ["#rrggbb", ...]}`: those that the training pictures have.

    Of the avatars they are known, and offered where there is no run; of a person's pictures they are the dominant ones
    of the run's sample grid.
    """
    if model is None or model.experiment.data.source == "avatars":
        return [
            {"name": "hair and background", "colors": [f"#{color}" for color in WARM7]},
            {"name": "skin", "colors": [f"#{color}" for color in SKIN5]},
        ]
    truth = _column(model, "color")
    return [{"name": "training pictures", "colors": dominant(truth)}] if truth else []


def dominant(pictures: Iterable[Pixels], count: int = COLORS) -> list[str]:
    """The `count` dominant colours of (h, w, 3) pictures as #rrggbb, from dark to light."""
    pixels = np.concatenate([picture.reshape(-1, 3)[:: max(1, picture.size // 12_000)] for picture in pictures])
    lab = cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    cv2.setRNGSeed(0)
    enough = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    count = min(count, len(np.unique(pixels, axis=0)))
    _, _, centers = cv2.kmeans(lab, count, None, enough, 2, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    centers = centers[np.argsort(centers[:, 0])]
    colors = (cv2.cvtColor(centers[None], cv2.COLOR_LAB2RGB)[0].clip(0, 1) * 255).round().astype(int)
    return list(dict.fromkeys("#{:02x}{:02x}{:02x}".format(*color) for color in colors))


def drawings(model: Model | None) -> int:
    """How many of its validation drawings a run shows."""
    return 0 if model is None else len(_column(model, "line") or ())


def drawing(model: Model, row: int) -> Pixels:
    """(H, W, 3): a validation drawing of a run, as its network sees it.

    Raises:
        Refused: 404, there is none in that row.
    """
    lines = _column(model, "line") or []
    if not 0 <= row < len(lines):
        raise Refused(404, f"the run has {len(lines)} drawings, and none of number {row}")
    return lines[row]


def characters(model: Model | None) -> list[str]:
    """Addresses of drawings of characters, for a run that was trained on such, or for none."""
    numbers = range(1, len(CHARACTERS) + 1) if model is None or model.experiment.data.source == "avatars" else ()
    return [f"/static/paint/characters/{number}.png" for number in numbers]


def credit() -> str:
    """Who drew the characters."""
    return CREDIT


def _column(model: Model, name: str) -> list[Pixels] | None:
    """The pictures of a column of the run's newest sample grid, at the network's size; None where there is no grid."""
    path = _newest_grid(model.path / "samples")
    if path is None:
        return None
    try:
        grid = read_rgb(path, MOST_GRID_PIXELS)
    except (UnusablePicture, OSError):
        return None
    columns = cut(grid, model.experiment.data.shape)
    return None if columns is None else list(columns[name][:MOST_ROWS])


def _is_grid(path: Path) -> bool:
    named = SAMPLE.fullmatch(path.name)
    return named is not None and not named[2] and path.is_file()


def _newest_grid(folder: Path) -> Path | None:
    try:
        grids = [path for path in folder.iterdir() if _is_grid(path)]
    except OSError:
        return None
    return max(grids, key=lambda path: int(re.split(r"\D", path.name)[0]), default=None)
