"""Sample grids small enough to be written into a page.

Of a run's grids only the coloured column changes from step to step: the drawing, the hints and the truth are written
once, and of a sampler's draws the newest. Pixels that were doubled for the eye are halved again, and the page draws
them as they were. All pictures share one budget of bytes: quality goes down, then steps are left out, then drawings get
smaller, until they fit.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from gan.arrays import Pixels
from gan.files import open_regular
from gan.grid import COLUMNS, DRAW_COLUMNS, cut
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
    """The grids of a run.

    shape: height and width of a drawing as its network sees it, where that is known. steps: at which there is a grid.
    drawn: those at which a sampler's draws are shown.
    """

    run: Run
    shape: tuple[int, int] | None
    steps: list[int]
    drawn: list[int]

    def columns(self, setting: Setting) -> int:
        """How many pictures are written."""
        return len(setting.steps(self.steps)) + len(COLUMNS) - 1 + (len(DRAW_COLUMNS) if self.drawn else 0)

    def read(self, name: str, most: int, names: Sequence[str] = COLUMNS) -> dict[str, Pixels] | None:
        """One grid: column -> (rows, H, W, 3), H and W at most `most`; None where it cannot be read."""
        try:
            file = open_regular(self.run.path / "samples" / f"{name}.png")
            with file, Image.open(file) as picture:
                columns = cut(np.asarray(picture.convert("RGB")), self.shape, names)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):  # half-written, or gone
            return None
        return None if columns is None else {name: _at_most(pictures, most) for name, pictures in columns.items()}

    def probes(self, cell: int) -> list[Pixels]:
        """The coloured column in the middle and at the end of training."""
        steps = sorted({self.steps[len(self.steps) // 2], self.steps[-1]})
        grids = [self.read(f"{step:06d}", cell) for step in steps]
        return [_strip(grid["fake"]) for grid in grids if grid is not None]

    def encode(self, setting: Setting) -> dict[str, Any] | None:
        """{high, wide, columns, fakes, draws}; a step whose grid has another layout than the last is left out."""
        read = {step: self.read(f"{step:06d}", setting.cell) for step in setting.steps(self.steps)}
        there = {step: grid for step, grid in read.items() if grid is not None}
        if not there:
            return None
        last = there[max(there)]
        _, high, wide, _ = last["fake"].shape
        return {
            "high": high,
            "wide": wide,
            "columns": {name: address(_strip(last[name]), setting.quality) for name in COLUMNS if name != "fake"},
            "fakes": {
                str(step): address(_strip(grid["fake"]), setting.quality)
                for step, grid in there.items()
                if grid["fake"].shape == last["fake"].shape
            },
            "draws": self._draws(setting),
        }

    def _draws(self, setting: Setting) -> dict[str, Any]:
        """Step -> column -> address of the newest draws, if there are any."""
        read = {step: self.read(f"{step:06d}-draws", setting.cell, DRAW_COLUMNS) for step in self.drawn[-1:]}
        return {
            str(step): {name: address(_strip(pictures), setting.quality) for name, pictures in columns.items()}
            for step, columns in read.items()
            if columns is not None
        }


def grids(found: Mapping[str, Run], shapes: Mapping[str, tuple[int, int] | None]) -> dict[str, Any]:
    """The validation grids of some runs: id -> {high, wide, columns, fakes, draws}.

    columns: name -> address. fakes: step -> address. draws: step -> name -> address.

    Args:
        found: id -> run; one without grids is left out.
        shapes: id -> height and width of a drawing as the network saw it.
    """
    samples = {name: runs.samples(run) for name, run in found.items()}
    steps = {name: [[step for step, _ in sides[side]] for side in ("val", "draws")] for name, sides in samples.items()}
    all_grids = {name: Grids(found[name], shapes.get(name), *there) for name, there in steps.items() if there[0]}
    setting = _setting(list(all_grids.values()))
    encoded = {name: each.encode(setting) for name, each in all_grids.items()}
    return {name: values for name, values in encoded.items() if values is not None}


def _setting(all_grids: list[Grids]) -> Setting:
    """The best setting by which everything fits, judged by some of the pictures; the last one where none does."""
    for setting in SETTINGS:
        count = sum(each.columns(setting) for each in all_grids)
        some = all_grids[:: max(1, -(-len(all_grids) // PROBES))]
        lengths = [len(address(probe, setting.quality)) for each in some for probe in each.probes(setting.cell)]
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


def address(pixels: Pixels, quality: int | None) -> str:
    """A picture as a data address."""
    file = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "quality": 60} if quality is None else {"quality": quality}
    Image.fromarray(pixels).save(file, "WEBP", method=4, **options)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
