"""Where a run is shown besides its folder: what a mirror is told, and how a run is filed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.arrays import Pixels
from gan.config import Experiment

Cell = Pixels | float | str | None
"""Of a table; an (H, W, 3) array is a picture."""


class Mirror:
    """Where a run is shown besides its folder; this one shows nothing."""

    def log(self, step: int, values: Mapping[str, float], pictures: Mapping[str, Pixels]) -> None:
        """Show the numbers and the (H, W, 3) pictures of one step."""

    def table(self, key: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Show a table, of pictures too, with the next `log`."""

    def curve(
        self, key: str, columns: Sequence[str], rows: Sequence[Sequence[float | str | None]], lines: Sequence[str]
    ) -> None:
        """Show a table of numbers with the next `log`, and a line plot of each of `lines` over its first column."""

    def summarise(self, values: Mapping[str, float | str]) -> None:
        """Show what is said of the whole run, and not of a step."""

    def code(self, path: Path) -> None:
        """Keep a copy of how the code differs from its commit."""

    def artifact(self, path: Path, aliases: Sequence[str], metadata: Mapping[str, Any]) -> None:
        """Keep a copy of a checkpoint."""

    def finish(self, exit_code: int) -> None:
        """Say that the run has ended: 0 is a success."""


@dataclass(frozen=True)
class Identity:
    """How a run is filed: group = study or experiment, job type = arm."""

    run_id: str
    name: str
    group: str
    job_type: str

    @classmethod
    def of(cls, run_id: str, experiment: Experiment, group: str | None) -> "Identity":
        """Of a run of an experiment, which stands alone where there is no study for its group."""
        name = f"{experiment.name}/seed-{experiment.seed}"
        return cls(run_id, name, group or experiment.name, experiment.name)
