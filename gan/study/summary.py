"""A study's results as a W&B run of job type `summary`, in the study's group."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gan.runs.wandb_mirror import Identity, start
from gan.study.definition import Study

COLUMNS = ("cell", "hints", "metric", "mean", "low", "high", "closed form", "seeds")
METRICS = ("sepia_index", "sepia_index_px", "mae", "mae_scored", "psnr", "ssim", "lpips", "ciede2000")
VERDICTS = ("name", "claim", "verdict", "leaning", "reads", "reason")


def mirror(study: Study, values: Mapping[str, Any], folder: Path, say: Callable[[str], None]) -> None:
    """Show the verdicts, the cells, the plots and the grid; never in the way of the results in the folder."""
    logging = study.cells[0].experiment.logging
    identity = Identity(values["id"], f"{study.name}/summary", study.name, "summary")
    config = {"study": study.name, "seeds": list(study.seeds), "cells": [cell.name for cell in study.cells]}
    run = start(folder, logging, config, identity, say)
    run.curve("verdicts", VERDICTS, [[verdict[key] for key in VERDICTS] for verdict in values["verdicts"]], ())
    run.curve("cells", COLUMNS, rows(values), ())
    shown = [folder / "grid.png", *sorted((folder / "plots").glob("*.png"))]
    pictures = {f"plots/{path.stem}": np.asarray(Image.open(path).convert("RGB")) for path in shown if path.exists()}
    done = sum(len(cell["seeds"]) for cell in values["cells"])
    run.log(done, headline(values), pictures)  # W&B drops a step that is not after the last one
    run.finish(0)


def rows(values: Mapping[str, Any]) -> list[list[float | str | None]]:
    """`COLUMNS` of every cell, number of hints and headline metric."""
    return [
        [cell["name"], int(count), metric, each["mean"], each["low"], each["high"], each["closed"], _seeds(each)]
        for cell in values["cells"]
        for count, row in cell["hints"].items()
        for metric, each in row.items()
        if metric in METRICS
    ]


def _seeds(found: Mapping[str, Any]) -> str:
    return json.dumps({seed: round(value, 4) for seed, value in found["values"].items()})


def headline(values: Mapping[str, Any]) -> dict[str, float]:
    """`<cell>/<metric>` without hints, for the summary's own columns."""
    return {
        f"{cell['name']}/{metric}": cell["hints"]["0"][metric]["mean"]
        for cell in values["cells"]
        for metric in METRICS
        if metric in cell["hints"].get("0", {})
    }
