"""Sample grids small enough to be written into a page.

Of a run's grids only the coloured column changes from step to step: the drawing, the hints and the truth are kept once.
Pixels that were doubled for the eye are halved again, and the page draws them as they were. All pictures share one
budget of bytes: quality goes down, then steps are left out, then drawings get smaller, until they fit.
"""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gan.web import library as runs
from gan.web.library import Run

BUDGET = 2_200_000
"""Bytes of all pictures as text, so that a page with its curves stays under 3 MB."""
PROBES = 4
"""Runs of which some pictures are encoded to know how large all will be."""
LEAST_STEPS = 4
HEADING, PADDING, COLUMNS = 22, 2, ("line", "hint", "fake", "color")
"""The layout of gan.grid."""
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Grid:
    """One sample grid, cut up: column -> (rows * cell, cell, 3)."""

    cell: int
    rows: int
    columns: dict[str, Pixels]

    def resized(self, cell: int) -> "Grid":
        """The same with drawings of so many pixels."""
        size = (cell, cell * self.rows)
        columns = {
            name: np.asarray(Image.fromarray(strip).resize(size, Image.Resampling.LANCZOS))
            for name, strip in self.columns.items()
        }
        return Grid(cell, self.rows, columns)


def cut(sheet: Pixels, size: int | None) -> Grid | None:
    """A grid as `gan.grid.sample_grid` made it, (H, W, 3), or None where it is none.

    Args:
        sheet: the picture.
        size: pixels of a drawing before it was enlarged, where that is known.
    """
    shown = (sheet.shape[1] - PADDING) // len(COLUMNS) - PADDING
    pitch = shown + PADDING
    rows = (sheet.shape[0] - HEADING - PADDING) // pitch if shown > 0 else 0
    if rows < 1:
        return None
    enlarged = shown // size if size and shown % size == 0 else 1
    columns = {}
    for index, name in enumerate(COLUMNS):
        left = PADDING + index * pitch
        tops = (HEADING + PADDING + row * pitch for row in range(rows))
        cells = [sheet[top : top + shown : enlarged, left : left + shown : enlarged] for top in tops]
        columns[name] = np.concatenate(cells)
    return Grid(shown // enlarged, rows, columns)


def grids(found: Mapping[str, Run], sizes: Mapping[str, int | None]) -> dict[str, Any]:
    """Id -> {cell, rows, columns: name -> address, fakes: step -> address} of the validation grids of some runs.

    Args:
        found: id -> run; one without grids is left out.
        sizes: id -> pixels of a drawing as the network saw it.
    """
    steps = {name: [step for step, _ in runs.samples(run)["val"]] for name, run in found.items()}
    shown = {name: Shown(found[name], sizes.get(name), there) for name, there in steps.items() if there}
    plan = _plan(list(shown.values()))
    encoded = {name: _encode_run(each, plan) for name, each in shown.items()}
    return {name: values for name, values in encoded.items() if values is not None}


@dataclass(frozen=True)
class Shown:
    """A run whose grids are wanted."""

    run: Run
    size: int | None
    steps: list[int]

    def read(self, step: int, most: int) -> Grid | None:
        """One grid, with drawings of at most so many pixels; None where it cannot be read."""
        try:
            with Image.open(self.run.path / "samples" / f"{step:06d}.png") as picture:
                grid = cut(np.asarray(picture.convert("RGB")), self.size)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):  # half-written, or gone
            return None
        return grid if grid is None or grid.cell <= most else grid.resized(most)


@dataclass(frozen=True)
class Plan:
    """How to make all pictures fit."""

    quality: int | None
    cell: int
    thinner: int
    """How many times every other step is left out."""

    def steps(self, steps: list[int]) -> list[int]:
        """Those of the steps that are kept."""
        for _ in range(self.thinner):
            steps = thin(steps)
        return steps


PLANS = (
    *(Plan(quality, 256, 0) for quality in (None, 90, 80, 65)),
    *(Plan(50, 256, thinner) for thinner in (0, 1, 2, 3)),
    *(Plan(50, cell, 3) for cell in (128, 64, 32)),
)
"""From without loss to small."""


def _plan(shown: list[Shown]) -> Plan:
    """The best plan by which everything fits, judged by some of the pictures; the last one where none does."""
    plan = PLANS[0]
    for plan in PLANS:
        count = sum(len(plan.steps(each.steps)) + len(COLUMNS) - 1 for each in shown)
        probes = [strip for each in shown[:: -(-len(shown) // PROBES) or 1] for strip in _probes(each, plan.cell)]
        lengths = [len(_address(strip, plan.quality)) for strip in probes]
        if not lengths or sum(lengths) / len(lengths) * count <= BUDGET:
            break
    return plan


def _probes(each: Shown, most: int) -> list[Pixels]:
    """The coloured column in the middle and at the end of training."""
    steps = {each.steps[len(each.steps) // 2], each.steps[-1]}
    return [grid.columns["fake"] for step in sorted(steps) if (grid := each.read(step, most)) is not None]


def thin(steps: list[int]) -> list[int]:
    """Every other step, the last always, and never fewer than `LEAST_STEPS`."""
    return steps if len(steps) <= LEAST_STEPS else sorted({*steps[::-2], steps[0]})


def _encode_run(each: Shown, plan: Plan) -> dict[str, Any] | None:
    """One run's pictures; a step whose grid has another layout than the last is left out."""
    read = {step: each.read(step, plan.cell) for step in plan.steps(each.steps)}
    there = {step: grid for step, grid in read.items() if grid is not None}
    if not there:
        return None
    last = there[max(there)]
    same = {step: grid for step, grid in there.items() if (grid.cell, grid.rows) == (last.cell, last.rows)}
    return {
        "cell": last.cell,
        "rows": last.rows,
        "columns": {name: _address(last.columns[name], plan.quality) for name in COLUMNS if name != "fake"},
        "fakes": {str(step): _address(grid.columns["fake"], plan.quality) for step, grid in same.items()},
    }


def _address(pixels: Pixels, quality: int | None) -> str:
    """A picture as a data address."""
    file = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "quality": 60} if quality is None else {"quality": quality}
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "WEBP", method=4, **options)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
