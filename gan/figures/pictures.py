"""The same drawings by every arm, from the runs' own sample grids."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gan.arrays import Pixels
from gan.figures.arms import Arm, ArmRun
from gan.web.report.embedded import Grids
from gan.web.review import describe

MOST_ROWS = 8
WHOLE = sys.maxsize
"""Of a drawing's side: none is made smaller."""


@dataclass
class Pictured:
    """Heading -> (rows, H, W, 3); which runs they are of, in words; the arms that have other drawings or colours."""

    columns: dict[str, Pixels] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def pictured(arms: Sequence[Arm]) -> Pictured:
    """line | hints | an arm each | color, of one run an arm: of the first seed that all have, at its last step.

    A seed draws the colours of an avatar, so that an arm whose truth is another is left out.
    """
    made, truth = Pictured(), dict[str, Pixels]()
    there = [{run.seed for run in arm.runs if run.grids} for arm in arms]
    common = set.intersection(*filter(None, there)) if any(there) else set()
    for arm in arms:
        run = next((run for run in arm.runs if run.grids and run.seed in {min(common, default=run.seed)}), None)
        grid = None if run is None else _read(run)
        if run is None or grid is None:
            made.left_out.append(f"{arm.label} (no grid)")
            continue
        truth = truth or {name: grid[name] for name in ("line", "color")}
        if not all(np.array_equal(grid[name], pictures) for name, pictures in truth.items()):
            made.left_out.append(f"{arm.label} (other colours)")
            continue
        made.columns.setdefault("line", grid["line"])
        if arm.hinted and not any(np.array_equal(grid["hint"], shown) for shown in made.columns.values()):
            made.columns["hints" if "hints" not in made.columns else f"hints of {arm.label}"] = grid["hint"]
        made.columns[arm.label] = grid["fake"]
        made.shown.append(f"{arm.label} (seed {run.seed}, step {run.grids[-1]})")
    if made.columns:
        made.columns["color"] = truth["color"]
    return made


def _read(run: ArmRun) -> dict[str, Pixels] | None:
    """The columns of the last grid, of `MOST_ROWS` at most."""
    steps = run.grids
    grid = Grids(run.found.run, describe.shape(dict(run.config)), steps, []).read(f"{steps[-1]:06d}", WHOLE)
    return None if grid is None else {name: pictures[:MOST_ROWS] for name, pictures in grid.items()}
