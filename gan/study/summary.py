"""A study's results as a W&B run of job type `summary`, in the study's group."""

import json
import logging
from pathlib import Path

import numpy as np
from PIL import Image

from gan.metrics.catalog import shown_at
from gan.runs.mirror import Identity
from gan.runs.wandb_mirror import start
from gan.study.definition import Study
from gan.study.results import StudyResult, VerdictResult
from gan.study.statistics import Measurement

logger = logging.getLogger(__name__)
CELL_COLUMNS = ("cell", "hints", "metric", "mean", "low", "high", "closed form", "seeds")
METRICS = shown_at("summary")
VERDICT_COLUMNS = ("name", "claim", "verdict", "leaning", "reads", "reason")


def mirror(study: Study, result: StudyResult, folder: Path) -> None:
    """Show the verdicts, the cells, the plots and the grid; never in the way of the results in the folder."""
    identity = Identity(result.id, f"{study.name}/summary", study.name, "summary")
    config = {"study": study.name, "seeds": list(study.seeds), "cells": [cell.name for cell in study.cells]}
    run = start(folder, study.cells[0].experiment.logging, config, identity)
    run.curve("verdicts", VERDICT_COLUMNS, [_verdict_row(verdict) for verdict in result.verdicts], ())
    run.curve("cells", CELL_COLUMNS, cell_rows(result), ())
    shown = [folder / "grid.png", *sorted((folder / "plots").glob("*.png"))]
    pictures = {f"plots/{path.stem}": np.asarray(Image.open(path).convert("RGB")) for path in shown if path.exists()}
    done = sum(len(cell.seeds) for cell in result.cells)
    run.log(done, means_without_hints(result), pictures)  # W&B drops a step that is not after the last one
    run.finish(0)


def _verdict_row(verdict: VerdictResult) -> list[float | str | None]:
    return [verdict.name, verdict.claim, verdict.verdict, verdict.leaning, verdict.reads, verdict.reason]


def cell_rows(result: StudyResult) -> list[list[float | str | None]]:
    """`CELL_COLUMNS` of every cell, number of hints and metric of `METRICS`."""
    return [
        [cell.name, count, metric, each.mean, each.low, each.high, each.closed, _seeds(each)]
        for cell in result.cells
        for count, metrics in cell.hints.items()
        for metric, each in metrics.items()
        if metric in METRICS
    ]


def _seeds(measured: Measurement) -> str:
    return json.dumps({seed: round(value, 4) for seed, value in measured.values.items()})


def means_without_hints(result: StudyResult) -> dict[str, float]:
    """`<cell>/<metric>` -> mean over seeds, for the columns of the summary in W&B's table of runs."""
    return {
        f"{cell.name}/{metric}": measured.mean
        for cell in result.cells
        for metric in METRICS
        if (measured := cell.measured(metric)) is not None
    }
