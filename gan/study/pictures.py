"""The grid of a study: the same test characters coloured by every arm, side by side; fixed before any training."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image
from torch import Tensor

from gan.data import sources
from gan.data.fixed import FixedPictures, Scored, spread
from gan.errors import RequestError
from gan.evaluation.hinted import counts_of
from gan.evaluation.score import evaluation_mode
from gan.files import replacing
from gan.grid import sheet
from gan.runs.weights import load_generator
from gan.study.definition import Study
from gan.study.runs import StudyRun

logger = logging.getLogger(__name__)


def write_grid(study: Study, runs: Sequence[StudyRun], path: Path) -> None:
    """Write line | a column an arm | color | closed-form median, of the first seed; hinted arms are told all.

    Arms whose runs of that seed are not done are left out, as are cells that vary an arm.
    """
    plain = {each.name for each in study.cells if not each.differences}
    seed = study.seeds[0]
    shown = [
        run for run in runs if run.experiment.name in plain and run.experiment.seed == seed and run.state == "done"
    ]
    columns: dict[str, Tensor] = {}
    last: dict[str, Tensor] = {}
    for run in shown:
        try:
            scored, fake = _colored(run)
        except RequestError as error:  # a checkpoint that was taken away to save room
            logger.warning("%s is not in the grid: %s", run.label, error)
            continue
        columns.setdefault("line", scored.batch.line.expand(-1, 3, -1, -1))
        columns[run.experiment.name] = fake
        last.setdefault("color", scored.batch.color)
        if run.experiment.hints.kind == "none" and "median" in scored.closed:
            last.setdefault("L1 optimum", scored.closed["median"])
    if columns:
        with replacing(path) as draft:
            Image.fromarray(sheet(columns | last)).save(draft, format="PNG", optimize=True)


def _colored(run: StudyRun) -> tuple[Scored, Tensor]:
    """The fixed test pictures of a run, with the most hints, and what it makes of them: (N, 3, H, W)."""
    generator, experiment, _ = load_generator(run.folder.last)
    data = replace(experiment.data, root=run.experiment.data.root)
    test = sources.load(replace(experiment, data=data), run.folder.begun).sides["test"]
    rows = min(experiment.evaluation.grid, len(test))
    indices, noise = spread(test, rows), experiment.generator.numbers
    fixed = FixedPictures(test, indices, experiment.seed, experiment.hints, rows, noise)
    (scored,) = fixed.at(counts_of(experiment)[-1], closed=True)
    with evaluation_mode(generator):
        return scored, generator(*scored.batch.given)
