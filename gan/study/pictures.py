"""The grid of a study: the same test characters coloured by every arm, side by side; fixed before any training."""

from collections.abc import Callable, Sequence
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
from gan.study.runs import Job


def write_grid(study: Study, jobs: Sequence[Job], path: Path, say: Callable[[str], None]) -> None:
    """Write line | a column an arm | color | closed-form median, of the first seed; hinted arms are told all.

    Arms whose runs of that seed are not done are left out, as are cells that vary an arm.
    """
    plain = {each.name for each in study.cells if not each.differences}
    seed = study.seeds[0]
    shown = [
        job for job in jobs if job.experiment.name in plain and job.experiment.seed == seed and job.state == "done"
    ]
    columns: dict[str, Tensor] = {}
    last: dict[str, Tensor] = {}
    for job in shown:
        try:
            scored, fake = _colored(job)
        except RequestError as error:  # a checkpoint that was taken away to save room
            say(f"{job.label} is not in the grid: {error}")
            continue
        columns.setdefault("line", scored.batch.line.expand(-1, 3, -1, -1))
        columns[job.experiment.name] = fake
        last.setdefault("color", scored.batch.color)
        if job.experiment.hints.kind == "none" and "median" in scored.closed:
            last.setdefault("L1 optimum", scored.closed["median"])
    if columns:
        with replacing(path) as draft:
            Image.fromarray(sheet(columns | last)).save(draft, format="PNG", optimize=True)


def _colored(job: Job) -> tuple[Scored, Tensor]:
    """The fixed test pictures of a run, with the most hints, and what it makes of them: (N, 3, H, W)."""
    generator, experiment, _ = load_generator(job.run.last)
    test = sources.load(experiment).sides["test"]
    rows = min(experiment.evaluation.grid, len(test))
    fixed = FixedPictures(test, spread(test, rows), experiment.seed, experiment.hints, rows)
    (scored,) = fixed.at(counts_of(experiment)[-1], closed=True)
    with evaluation_mode(generator):
        return scored, generator(scored.batch.condition)
