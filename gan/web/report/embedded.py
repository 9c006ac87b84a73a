"""Sample grids small enough to be written into a page.

Of a run's grids only the coloured column changes from step to step: the drawing, the hints and the truth are written
once. Pixels that were doubled for the eye are halved again, and the page draws them as they were. All pictures share
one budget of bytes: quality goes down, then steps are left out, then drawings get smaller, until they fit.
"""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from gan.arrays import Pixels
from gan.grid import COLUMNS, cut
from gan.web import library as runs
from gan.web.library import Run

BUDGET = 2_200_000
"""Bytes of all pictures as text, so that a page with its curves stays under 3 MB."""
PROBES = 4
"""Runs of which some pictures are encoded to know how large all will be."""
LEAST_STEPS = 4


@dataclass(frozen=True)
class Setting:
    """How pictures are made to fit. cell: most pixels of a drawing's side. share: of the steps that are written."""

    quality: int | None
    cell: int = 256
    share: float = 1

    def steps(self, there: list[int]) -> list[int]:
        """Some of the steps, evenly spread from the first to the last."""
        count = max(round(self.share * len(there)), min(LEAST_STEPS, len(there)))
        return [there[index] for index in np.linspace(0, len(there) - 1, count).round().astype(int)]


SETTINGS = (
    *(Setting(quality) for quality in (None, 90, 80, 65, 50)),
    *(Setting(50, share=share) for share in (1 / 2, 1 / 4, 1 / 8)),
    *(Setting(50, cell, 1 / 8) for cell in (128, 64, 32)),
)
"""From without loss to small."""


@dataclass(frozen=True)
class Grids:
    """The grids of a run. shape: height and width of a drawing as its network sees it, where that is known."""

    run: Run
    shape: tuple[int, int] | None
    steps: list[int]

    def read(self, step: int, most: int) -> dict[str, Pixels] | None:
        """One grid: column -> (rows, H, W, 3), H and W at most `most`; None where it cannot be read."""
        try:
            with Image.open(self.run.path / "samples" / f"{step:06d}.png") as picture:
                columns = cut(np.asarray(picture.convert("RGB")), self.shape)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):  # half-written, or gone
            return None
        return None if columns is None else {name: _at_most(pictures, most) for name, pictures in columns.items()}

    def probes(self, cell: int) -> list[Pixels]:
        """The coloured column in the middle and at the end of training."""
        grids = [self.read(step, cell) for step in sorted({self.steps[len(self.steps) // 2], self.steps[-1]})]
        return [_strip(grid["fake"]) for grid in grids if grid is not None]

    def encode(self, setting: Setting) -> dict[str, Any] | None:
        """{rows, high, wide, columns, fakes}; a step whose grid has another layout than the last is left out."""
        read = {step: self.read(step, setting.cell) for step in setting.steps(self.steps)}
        there = {step: grid for step, grid in read.items() if grid is not None}
        if not there:
            return None
        last = there[max(there)]
        rows, high, wide, _ = last["fake"].shape
        return {
            "rows": rows,
            "high": high,
            "wide": wide,
            "columns": {name: _address(_strip(last[name]), setting.quality) for name in COLUMNS if name != "fake"},
            "fakes": {
                str(step): _address(_strip(grid["fake"]), setting.quality)
                for step, grid in there.items()
                if grid["fake"].shape == last["fake"].shape
            },
        }


def grids(found: Mapping[str, Run], shapes: Mapping[str, tuple[int, int] | None]) -> dict[str, Any]:
    """Id -> {rows, high, wide, columns: name -> address, fakes: step -> address} of the validation grids of some runs.

    Args:
        found: id -> run; one without grids is left out.
        shapes: id -> height and width of a drawing as the network saw it.
    """
    steps = {name: [step for step, _ in runs.samples(run)["val"]] for name, run in found.items()}
    all_grids = {name: Grids(found[name], shapes.get(name), there) for name, there in steps.items() if there}
    setting = _setting(list(all_grids.values()))
    encoded = {name: each.encode(setting) for name, each in all_grids.items()}
    return {name: values for name, values in encoded.items() if values is not None}


def _setting(all_grids: list[Grids]) -> Setting:
    """The best setting by which everything fits, judged by some of the pictures; the last one where none does."""
    for setting in SETTINGS:
        count = sum(len(setting.steps(each.steps)) + len(COLUMNS) - 1 for each in all_grids)
        some = all_grids[:: max(1, -(-len(all_grids) // PROBES))]
        lengths = [len(_address(probe, setting.quality)) for each in some for probe in each.probes(setting.cell)]
        if not lengths or sum(lengths) / len(lengths) * count <= BUDGET:
            return setting
    return SETTINGS[-1]


def _strip(pictures: Pixels) -> Pixels:
    """(rows, H, W, 3) -> (rows * H, W, 3)."""
    return np.ascontiguousarray(pictures.reshape(-1, *pictures.shape[2:]))


def _at_most(pictures: Pixels, most: int) -> Pixels:
    """(rows, H, W, 3) with H and W at most `most`."""
    rows, *shape = pictures.shape[:3]
    scale = min(1, most / max(shape))
    high, wide = (max(1, round(side * scale)) for side in shape)
    strip = Image.fromarray(_strip(pictures)).resize((wide, high * rows), Image.Resampling.LANCZOS)
    return np.asarray(strip).reshape(rows, high, wide, 3)


def _address(pixels: Pixels, quality: int | None) -> str:
    """A picture as a data address."""
    file = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "quality": 60} if quality is None else {"quality": quality}
    Image.fromarray(pixels).save(file, "WEBP", method=4, **options)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
