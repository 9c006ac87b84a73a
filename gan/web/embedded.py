"""Sample grids small enough to be written into a page.

Of a run's grids only the coloured column changes from step to step: the drawing, the hints and the truth are kept once.
Pixels that were doubled for the eye are halved again, and the page draws them as they were. All pictures share one
budget of bytes: quality goes down, and then steps are left out, until they fit.
"""

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gan.web import runs
from gan.web.runs import Run

BUDGET = 2_200_000
"""Bytes of all pictures as text, so that a page with its curves stays under 3 MB."""
QUALITIES = (None, 92, 85, 75, 60, 45)
"""WebP: without loss, or at a quality."""
PROBES = 8
"""Pictures that are encoded to know how large all will be."""
LEAST_STEPS = 4
HEADING, PADDING, COLUMNS = 22, 2, ("line", "hint", "fake", "color")
"""The layout of gan.grid."""
LARGEST_CELL = 256
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Grid:
    """One sample grid, cut up: column -> (rows * cell, cell, 3)."""

    cell: int
    rows: int
    columns: dict[str, Pixels]


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
    grid = Grid(shown // enlarged, rows, columns)
    return grid if grid.cell <= LARGEST_CELL else _smaller(grid)


def _smaller(grid: Grid) -> Grid:
    size = (LARGEST_CELL, LARGEST_CELL * grid.rows)
    smaller = {
        name: np.asarray(Image.fromarray(strip).resize(size, Image.Resampling.LANCZOS))
        for name, strip in grid.columns.items()
    }
    return Grid(LARGEST_CELL, grid.rows, smaller)


def grids(found: Mapping[str, Run], sizes: Mapping[str, int | None]) -> dict[str, Any]:
    """Id -> {cell, rows, columns: name -> address, fakes: step -> address} of the validation grids of some runs.

    Args:
        found: id -> run; one without grids is left out.
        sizes: id -> pixels of a drawing as the network saw it.
    """
    steps = {name: [step for step, _ in runs.samples(run)["val"]] for name, run in found.items()}
    steps = {name: there for name, there in steps.items() if there}
    quality, steps = _plan(found, steps, sizes)
    return {
        name: values
        for name, there in steps.items()
        if (values := _encode_run(found[name], there, sizes.get(name), quality)) is not None
    }


def _plan(
    found: Mapping[str, Run], steps: dict[str, list[int]], sizes: Mapping[str, int | None]
) -> tuple[int | None, dict[str, list[int]]]:
    """The best quality at which all fits, with as many steps as then fit."""
    probes = _probes(found, steps, sizes)
    if not probes:
        return None, steps
    while True:
        count = sum(len(there) + 3 for there in steps.values())
        for quality in QUALITIES:
            mean = sum(len(_address(strip, quality)) for strip in probes) / len(probes)
            if mean * count <= BUDGET:
                return quality, steps
        if all(len(there) <= LEAST_STEPS for there in steps.values()):
            return QUALITIES[-1], steps
        steps = {name: thin(there) for name, there in steps.items()}


def thin(steps: list[int]) -> list[int]:
    """Every other step, the last always, and never fewer than `LEAST_STEPS`."""
    return steps if len(steps) <= LEAST_STEPS else sorted({*steps[::-2], steps[0]})


def _probes(found: Mapping[str, Run], steps: Mapping[str, list[int]], sizes: Mapping[str, int | None]) -> list[Pixels]:
    """Coloured columns of some runs, spread evenly, of the middle and the end of training in turn."""
    names = list(steps)
    strips = []
    for turn, name in enumerate(names[:: max(1, len(names) // PROBES)][:PROBES]):
        there = steps[name]
        grid = _read(found[name], there[-1] if turn % 2 else there[len(there) // 2], sizes.get(name))
        strips += [grid.columns["fake"]] if grid else []
    return strips


def _read(run: Run, step: int, size: int | None) -> Grid | None:
    try:
        with Image.open(run.path / "samples" / f"{step:06d}.png") as picture:
            return cut(np.asarray(picture.convert("RGB")), size)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):  # half-written, or gone
        return None


def _encode_run(run: Run, steps: Iterable[int], size: int | None, quality: int | None) -> dict[str, Any] | None:
    """One run's pictures; a step whose grid has another layout than the last is left out."""
    there = {step: grid for step in steps if (grid := _read(run, step, size)) is not None}
    if not there:
        return None
    last = there[max(there)]
    same = {step: grid for step, grid in there.items() if (grid.cell, grid.rows) == (last.cell, last.rows)}
    return {
        "cell": last.cell,
        "rows": last.rows,
        "columns": {name: _address(last.columns[name], quality) for name in COLUMNS if name != "fake"},
        "fakes": {str(step): _address(grid.columns["fake"], quality) for step, grid in same.items()},
    }


def _address(pixels: Pixels, quality: int | None) -> str:
    """A picture as a data address."""
    file = io.BytesIO()
    options: dict[str, Any] = {"lossless": True, "quality": 60} if quality is None else {"quality": quality}
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "WEBP", method=4, **options)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
