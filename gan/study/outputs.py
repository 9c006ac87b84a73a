"""The files that a study leaves: study.json with everything, and from it report.md, plots, grid and W&B summary."""

import logging
from collections.abc import Sequence
from pathlib import Path

from gan.config import to_dict
from gan.errors import RequestError
from gan.files import write_text
from gan.study import baselines, pictures, plots, report, results, summary
from gan.study.aggregate import aggregate, read_results
from gan.study.definition import Study
from gan.study.results import Baselines, StudyResult
from gan.study.runs import StudyRun

logger = logging.getLogger(__name__)


def write_study_json(study: Study, runs: Sequence[StudyRun], constant: Baselines | None = None) -> StudyResult:
    """Write study.json, and return what is in it; `constant` None: the baselines stay as they were."""
    folder = runs[0].study_folder
    result = aggregate(study, runs, _before(folder), constant)
    results.save(result, folder)
    return result


def _before(folder: Path) -> StudyResult | None:
    """What study.json held; None where it is missing or damaged, for it is made anew."""
    if not (folder / results.FILE).exists():
        return None
    try:
        return results.load(folder)
    except RequestError as error:
        logger.warning("%s; it is made anew", error)
        return None


def write_all(study: Study, runs: Sequence[StudyRun]) -> None:
    """Write study.json, report.md, the plots and the grid, and mirror the summary to W&B.

    Without a run that is done there is study.json alone.
    """
    folder, (by_cell, broken) = runs[0].study_folder, read_results(runs)
    if not by_cell and not broken:
        write_study_json(study, runs)
        return
    before = _before(folder)
    same = before is not None and before.baselines_of == to_dict(study.cells[0].experiment)["data"]
    constant = before.baselines if before is not None and before.baselines and same else baselines.measure(study, runs)
    result = write_study_json(study, runs, constant)
    for stale in (*(folder / "plots").glob("*.*"), folder / "grid.png"):
        stale.unlink(missing_ok=True)  # the report shows what is there
    sound = [run for run in runs if run.label not in broken]
    plots.write_all(result, by_cell, sound, folder / "plots")
    pictures.write_grid(study, runs, folder / "grid.png")
    write_text(folder / "report.md", report.markdown(result, folder))
    summary.mirror(study, result, folder)
